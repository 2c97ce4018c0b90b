"""Mutations that keep the shape of a format: wrong types in valid JSON, moved elements in valid XML, torn tables.

Each takes bytes and a random generator and gives bytes; what cannot be parsed is mutated as lines of text.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any
from xml.etree import ElementTree

from tests.strategies import PIECES

Place = tuple[Any, Any]  # a list or dict, and the index or key of one of its values
WRONG = (None, True, False, 0, 1, -1, 2, 7, 1.0, 1.5, -0.0, 1e308, 2**31, 2**53, 2**63, 10**30, "", " ", "0", "-1",
         "LOC", "id", "\ufeff", "🚀", "a\r\nb", "\u2028", "\0", "a b", "/", "..", "x" * 300, [], {}, [[]], [None], [0],
         {"": None}, [0, 1, "LOC"], {"start": 0, "end": 1, "label": "LOC"}, [[0, 1, "LOC"]], [[0, 1], [1, 2]])
NUMBERS = ("0", "1", "-1", "2", "00", "1.5", "9" * 20, "²", "٣", "1e3", "")
SIGNS = ("\t", " ", "|", ";", ":", "=", "_", "*", "-", "#", "[", "]", "(", ")", "{", "}", '"', "\\", "<", ">", "&", ",",
         "\r", "\n", "\n\n", "\0", "\ufeff", "\x85", "\x0c", "e\u0301")


def json_like(data: bytes, random: Random) -> bytes:
    """JSON, or one JSON value a line, with some of its values replaced, moved, renamed or left out."""
    try:
        return json.dumps(changed(json.loads(data), random), ensure_ascii=random.random() < 0.3).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        pass
    try:
        values = [json.loads(line) for line in data.decode().split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return lines(data, random)
    values = changed(values, random)
    rows = values if isinstance(values, list) else [values]
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode("utf-8", "replace")


def changed(root: Any, random: Random) -> Any:
    """A value with one to three changes somewhere inside."""
    holder = [copy.deepcopy(root)]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = list(_places(holder))[:5000]
        if places:
            random.choice(CHANGES)(*random.choice(places), random, places)
    return holder[0] if holder else random.choice(WRONG)


def _places(container: Any) -> Any:
    for key, value in list(enumerate(container) if isinstance(container, list) else container.items()):
        yield container, key
        if isinstance(value, list | dict):
            yield from _places(value)


def _replace(container: Any, key: Any, random: Random, _: list[Place]) -> None:
    container[key] = copy.deepcopy(random.choice(WRONG))


def _nudge(container: Any, key: Any, random: Random, _: list[Place]) -> None:
    value = container[key]
    if isinstance(value, str):
        container[key] = edited(value, random)
    elif isinstance(value, bytes):
        container[key] = _torn(value, random)
    elif isinstance(value, int | float):
        container[key] = value + random.choice((-2, -1, 1, 2, 0.5, -value, -2 * value, value))
    elif isinstance(value, list):
        random.shuffle(value)


def _remove(container: Any, key: Any, *_: Any) -> None:
    del container[key]


def _borrow(container: Any, key: Any, random: Random, places: list[Place]) -> None:
    other, at = random.choice(places)
    with suppress(LookupError):
        container[key] = copy.deepcopy(other[at])


def _wrap(container: Any, key: Any, random: Random, _: list[Place]) -> None:
    container[key] = random.choice(([container[key]], {"text": container[key]}, [container[key]] * 2))


def _rename(container: Any, key: Any, random: Random, places: list[Place]) -> None:
    names = [name for _, name in places if isinstance(name, str)]
    if isinstance(container, dict) and names:
        container[random.choice((*names, "", "id", "text"))] = container[key]
    else:
        container.append(copy.deepcopy(container[key])) if isinstance(container, list) else None


CHANGES: tuple[Callable[..., None], ...] = (_replace, _replace, _nudge, _nudge, _remove, _borrow, _wrap, _rename)


def edited(text: str, random: Random) -> str:
    """A text with a piece put in, a stretch taken out or doubled, or a number changed."""
    a, b = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    numbers = list(re.finditer(r"-?\d+", text))
    number = random.choice(numbers).span() if numbers else (a, a)
    piece = random.choice((random.choice(PIECES), random.choice(SIGNS)))
    return random.choice((text[:a] + piece + text[a:], text[:a] + text[b:], text[:a] + piece + text[b:],
                          text[:b] + text[a:], text[:number[0]] + random.choice(NUMBERS) + text[number[1]:]))


def _torn(raw: bytes, random: Random) -> bytes:
    a, b = sorted((random.randint(0, len(raw)), random.randint(0, len(raw))))
    return random.choice((raw[:a] + random.randbytes(4) + raw[a + 4:], raw[:a] + raw[b:], raw[:a]))


def lines(data: bytes, random: Random) -> bytes:
    """Text with lines or cells taken out, doubled, exchanged or edited."""
    rows = data.decode("utf-8", "surrogateescape").split("\n")
    for _ in range(random.choice((1, 1, 2, 3))):
        a, b = random.randrange(len(rows)), random.randrange(len(rows))
        action = random.randrange(6)
        if action == 0 and len(rows) > 1:
            del rows[a]
        elif action == 1:
            rows.insert(b, rows[a])
        elif action == 2:
            rows[a], rows[b] = rows[b], rows[a]
        elif action == 3:
            rows[a] = edited(rows[a], random)
        else:
            rows[a] = _cells(rows[a], rows[b], random)
    return "\n".join(rows).encode("utf-8", "surrogateescape" if random.random() < 0.1 else "replace")


def _cells(row: str, other: str, random: Random) -> str:
    parts, others = re.split(r"([\t ])", row), re.split(r"[\t ]", other)
    at = random.randrange(len(parts))
    choice = random.randrange(4)
    if choice == 0:
        parts[at] = random.choice(others)
    elif choice == 1:
        parts[at] = edited(parts[at], random)
    elif choice == 2:
        del parts[at]
    else:
        parts.insert(at, random.choice(("\t", " ", random.choice(others))))
    return "".join(parts)


def xml(data: bytes, random: Random) -> bytes:
    """XML with elements left out, doubled, moved or renamed, attributes and texts changed."""
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError):
        return lines(data, random)
    for _ in range(random.choice((1, 1, 2, 3))):
        nodes = list(root.iter())[:5000]
        random.choice(XML_CHANGES)(random.choice(nodes), random.choice(nodes), random)
    try:
        return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    except (ValueError, RecursionError, TypeError):
        return data


def _drop(node: Any, _: Any, random: Random) -> None:
    if len(node):
        del node[random.randrange(len(node))]


def _adopt(node: Any, other: Any, random: Random) -> None:
    if len(list(other.iter())) < 50:
        node.insert(random.randint(0, len(node)), copy.deepcopy(other))


def _retag(node: Any, other: Any, _: Random) -> None:
    node.tag = other.tag


def _retext(node: Any, other: Any, random: Random) -> None:
    name = random.choice(("text", "tail"))
    setattr(node, name, random.choice((None, other.text, _safe(edited(getattr(node, name) or "", random)))))


def _reattribute(node: Any, other: Any, random: Random) -> None:
    names = [*node.attrib, *other.attrib]
    if not names:
        return
    name = random.choice(names)
    if name in node.attrib and random.random() < 0.3:
        del node.attrib[name]
        return
    values = [*other.attrib.values(), *NUMBERS, _safe(edited(node.attrib.get(name, ""), random))]
    node.attrib[name] = random.choice(values)


def _safe(text: str) -> str:
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


XML_CHANGES: tuple[Callable[..., None], ...] = (_drop, _adopt, _retag, _retext, _reattribute, _reattribute)


def docbin(data: bytes, random: Random) -> bytes:
    """A DocBin whose message (msgpack in zlib) holds other values."""
    import srsly

    try:
        return zlib.compress(srsly.msgpack_dumps(changed(srsly.msgpack_loads(zlib.decompress(data)), random)))
    except Exception:  # msgpack and zlib have no common ancestor
        return _torn(data, random)


def parquet(data: bytes, random: Random) -> bytes:
    """A parquet file whose rows hold other values, where they still make a table."""
    import pyarrow
    import pyarrow.parquet

    try:
        # without threads: Arrow's end the process under atheris
        table = pyarrow.parquet.ParquetFile(io.BytesIO(data)).read(use_threads=False)
        table.validate(full=True)  # a torn table's offsets would be followed out of memory
        rows = changed(table.to_pylist(), random)
        sink = io.BytesIO()
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, metadata=table.schema.metadata), sink)
        return sink.getvalue()
    except Exception:  # Arrow refuses with many types of error
        return _torn(data, random)


def words(data: bytes, random: Random) -> bytes:
    """A phrase with words and signs exchanged."""
    text = data.decode("utf-8", "ignore")
    parts = text.split(" ")
    at = random.randrange(len(parts))
    choice = random.randrange(4)
    if choice == 0:
        parts[at] = random.choice(PHRASES)
    elif choice == 1:
        parts.insert(at, random.choice(PHRASES))
    elif choice == 2:
        del parts[at]
    else:
        return edited(text, random).encode("utf-8", "replace")
    return " ".join(parts).encode("utf-8", "replace")


PHRASES = tuple("""un une deux trois six vingt quatre-vingts cent mille million milliards demi moitié tiers douzaine
 centaines dizaines de d' des du à au aux la le les l' et ou entre depuis jusqu'à plus moins environ près presque sur
 pour % km € $ 3 12 1er 000 1,5 1.200 2025 07/02/2025 janvier février août vendredi hier demain veille lendemain mi-
 début fin printemps siècle semaine mois ans jours heures minutes nuit matin soir 16h30 dernier prochain suivant
 av. J.-C. XIXe Selon Kiev Moscou soldats civils tués blessés ont été auraient affirme , . ; : « » ( ) – - \n""".split(" "))
KINDS: dict[str, Callable[[bytes, Random], bytes]] = {
    "json": json_like, "xml": xml, "lines": lines, "words": words, "docbin": docbin, "parquet": parquet}
