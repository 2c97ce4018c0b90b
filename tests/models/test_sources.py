"""The texts of the command line: what is read, how its encoding is told, what is refused and why."""

import gzip
import io
import os
import sys
import tracemalloc

import pytest
from bilan.data import BilanError, Document
from bilan.data.report import Report
from bilan.models import sources
from bilan.models.sources import paths, text, texts, unpacked

PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>Titre</title>
<meta property="article:published_time" content="2025-02-07T10:00:00+01:00"></head>
<body><nav>Accueil Menu</nav><article><h1>Titre</h1><p>{first}</p><p>Les combats à l’est ont repris vendredi, a déclaré
l’état-major dans un long communiqué publié dans la soirée.</p></article><footer>Mentions légales</footer></body></html>"""
SENTENCE = "Selon l’armée, 12 soldats ont été tués à Koursk, et l’offensive se poursuit dans toute la région frontalière."


def read(path, report=None):
    return text(str(path), report=report or Report())


def file(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


def test_a_folder_gives_its_texts_sorted_and_tells_what_it_leaves(tmp_path):
    for name in ("b.txt", "a.html", "c.pdf.gz", "d.TXT", "e.png"):
        file(tmp_path, name, b"x")
    report = Report()
    assert [path[len(str(tmp_path)) + 1:] for path in paths([str(tmp_path)], report=report) if isinstance(path, str)] == [
        "a.html", "b.txt", "c.pdf.gz", "d.TXT"]
    assert report.counts.total() == 1 and "e.png" in str(report.examples)


def test_a_pattern_gives_the_files_that_fit(tmp_path):
    for name in ("a1.txt", "a2.txt", "b.txt"):
        file(tmp_path, name, b"x")
    assert len(list(paths([str(tmp_path / "a*.txt")], report=Report()))) == 2


@pytest.mark.parametrize(("argument", "said"), [("none*.txt", "no file fits this pattern"), ("", "no file ending in")])
def test_nothing_found_is_said(tmp_path, argument, said):
    (error,) = paths([str(tmp_path / argument)], report=Report())
    assert said in str(error)


def test_a_pattern_that_only_folders_fit_is_said(tmp_path):
    (tmp_path / "a1").mkdir()
    (error,) = paths([str(tmp_path / "a*")], report=Report())
    assert "no file fits this pattern" in str(error)


def test_a_folder_that_may_not_be_looked_into_is_said(tmp_path, monkeypatch):
    file(tmp_path, "a.txt", b"Goma")
    (tmp_path / "closed").mkdir()

    def scandir(folder, then=os.scandir):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return then(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    error, path = paths([str(tmp_path)], report=Report())
    assert str(error) == f"{tmp_path}/closed: permission denied; check the path and its permissions"
    assert path == str(tmp_path / "a.txt")


def test_a_name_that_is_no_utf_8_is_said():
    with pytest.raises(BilanError, match="the name of this file is not UTF-8; rename it"):
        read("\udce9.txt")


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path):
    path = file(tmp_path, "a[1].txt", b"Goma")
    assert list(paths([str(path)], report=Report())) == [str(path)]


def test_a_file_named_twice_is_read_once(tmp_path):
    path, report = str(file(tmp_path, "a.txt", b"Goma")), Report()
    assert len(list(texts([path, path], report=report))) == 1
    assert report.counts["skipped: file named twice"] == 1


def test_an_error_stands_in_the_place_of_its_file(tmp_path):
    good = str(file(tmp_path, "a.txt", b"Goma"))
    found = list(texts([str(tmp_path / "none"), good]))
    assert isinstance(found[0], BilanError) and isinstance(found[1], Document)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_and_32_with_their_marks_are_read_and_told(tmp_path, encoding):
    report = Report()
    assert read(file(tmp_path, "a.txt", "\ufeffÀ Goma".encode(encoding)), report).text == "À Goma"
    assert report.counts[f"mended: read as {encoding[:6]}, as the file declares"] == 1


def test_an_encoding_that_nothing_tells_is_not_guessed(tmp_path):
    with pytest.raises(BilanError, match=r"not UTF-8 \(byte 0xe9\)"):
        read(file(tmp_path, "a.txt", "blessés".encode("latin-1")))


@pytest.mark.parametrize(("charset", "told"), [("utf-8", None), ("windows-1252", "cp1252"), ("iso-8859-15", "iso8859-15")])
def test_the_main_text_of_a_page_is_read_in_the_encoding_that_it_declares(tmp_path, charset, told):
    pytest.importorskip("trafilatura", reason="the extra html is not installed")
    page = PAGE.format(charset=charset, first=SENTENCE).replace("’", "'").encode(charset)
    report = Report()
    document = read(file(tmp_path, "a.html", page), report)
    assert SENTENCE.replace("’", "'") in document.text
    assert "Menu" not in document.text and "légales" not in document.text
    assert document.meta == {"title": "Titre", "date": "2025-02-07"}
    assert (f"mended: read as {told}, as the file declares" in report.counts) == (told is not None)


def test_what_declares_latin_1_is_read_as_browsers_do():
    assert sources._decoded("l’œuvre".encode("cp1252"), "a.html", Report(), charset="ISO-8859-1") == "l’œuvre"


@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-32"])
def test_a_declaration_that_cannot_be_true_is_not_followed(charset):
    assert sources._charset(f"<html><meta charset={charset}>".encode()) == ""


def test_comments_without_a_page_are_no_page():
    assert sources.PAGE.match(b"<!---->" * 500) is None  # dividing them in every way would never end
    assert sources.PAGE.match(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE html>")


def test_a_page_is_known_by_its_content(tmp_path):
    pytest.importorskip("trafilatura", reason="the extra html is not installed")
    assert "<p>" not in read(file(tmp_path, "a", PAGE.format(charset="utf-8", first=SENTENCE).encode())).text


@pytest.mark.parametrize(("content", "said"), [
    (b"<html><meta charset=klingon><p>a", "not in the encoding that it declares, 'klingon'"),
    (b"<html><body></body></html>", "no main text found"),
])
def test_a_page_that_cannot_be_read_is_said(tmp_path, content, said):
    pytest.importorskip("trafilatura", reason="the extra html is not installed")
    with pytest.raises(BilanError, match=said):
        read(file(tmp_path, "a.html", content))


def pdf(words: str) -> bytes:
    """A PDF of one page with a text in Helvetica."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode("latin-1") if words else b""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
               b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
               b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
               b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(body))


def test_the_text_of_a_pdf_is_read(tmp_path):
    pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    assert read(file(tmp_path, "a.pdf", pdf("À Goma, 12 morts."))).text == "À Goma, 12 morts."


@pytest.mark.parametrize(("content", "said"), [(pdf(""), "no text layer"), (b"%PDF-1.4 broken", "unreadable PDF")])
def test_a_pdf_without_text_is_refused(tmp_path, content, said):
    pytest.importorskip("pypdf", reason="the extra pdf is not installed")
    with pytest.raises(BilanError, match=said):
        read(file(tmp_path, "a.pdf", content))


@pytest.mark.parametrize(("name", "content", "extra"), [("a.html", b"<html><p>a", "html"), ("a.pdf", b"%PDF-1.4", "pdf")])
def test_a_missing_extra_is_named_with_the_line_that_installs_it(tmp_path, monkeypatch, name, content, extra):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(BilanError, match=rf"pip install 'bilan\[{extra}\]'"):
        read(file(tmp_path, name, content))


def test_members_of_a_gzip_file_are_joined():
    assert unpacked(gzip.compress(b"a") + gzip.compress(b"b"), where="f") == b"ab"


def test_a_bomb_is_refused_before_it_unfolds():
    bomb = gzip.compress(bytes(10**8))
    tracemalloc.start()
    with pytest.raises(BilanError, match="unfolds to more than 1,000 bytes"):
        unpacked(bomb, where="f", largest=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**7


@pytest.mark.parametrize(("damage", "said"), [(lambda raw: raw[:-9], "cut short"), (lambda raw: raw[:12] + b"xx" + raw[14:], "damaged"),
                                              (lambda raw: raw + b"more", "damaged")])
def test_a_damaged_gzip_file_is_refused(damage, said):
    with pytest.raises(BilanError, match=said):
        unpacked(damage(gzip.compress("Goma, Koursk, Kiev".encode() * 5)), where="f")


def test_gzip_is_unpacked_from_standard_input_too(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(b"Goma"))))
    assert (read("-").id, ) == ("stdin",)
