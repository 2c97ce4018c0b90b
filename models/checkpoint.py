"""A checkpoint on disk or on a hub: weights, tokenizer, tags, window; written and read here only.

`bilan.json` holds what transformers' own files do not: window and overlap in tokens, whether spans
keep to whole words, the characters trimmed from their edges, the temperature of the scores, scores of
tag transitions if some were learnt, a golden sentence with its token ids, checked on loading
(tokenizers change between releases), and digests, by which a damaged file is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from ..data.align import EDGES
from ..data.errors import BilanError
from ..data.extras import absent
from ..data.files import parse_json, read_bytes, read_text, write_json

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

GOLDEN = "L’armée a déploré « 3 000 » blessés à Koursk, dont 1,5 % d’œuvrants ; Séoul : ½ …"
ROBERTAS = ("roberta", "camembert", "xlm-roberta", "xlm-roberta-xl", "roberta-prelayernorm")
SMALL, WEIGHTS = ("*.json", "*.txt", "*.model"), ("*.safetensors", "*.onnx")
STAMPED = (*WEIGHTS, "config.json", "tokenizer.json")  # what is read of a checkpoint besides `bilan.json`
SPECIALS = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Cutting:
    """How texts are cut for a checkpoint and its scores decoded (`bilan.json`).

    `transitions[i][j]` is added to the score of tag j after tag i, in the order O, B-…, I-…; None
    stands for IOB2's own rules alone.
    """

    window: int = 384
    overlap: int = 96
    whole_words: bool = True
    trim: str = EDGES
    temperature: float = 1.0
    transitions: Matrix | None = None


def locate(path_or_id: str | Path) -> Path:
    """The local folder of a checkpoint: a folder as it is, a hub id after download.

    Only configuration, tokenizer and safetensors files are fetched. Raises BilanError when there is
    no such folder and no such repository, or no hub.
    """
    path = Path(path_or_id)
    if path.is_dir():
        return path
    if path.exists() or len(path.parts) > 2 or path.is_absolute() or str(path_or_id).startswith("."):
        raise BilanError("no such checkpoint folder", where=path, mend="train one: make train")
    from huggingface_hub import snapshot_download

    try:  # weights last: what an interrupted download left has none, and is never taken for a plain transformers folder
        for patterns in (SMALL, SMALL + WEIGHTS):
            folder = snapshot_download(str(path_or_id), allow_patterns=list(patterns))
    except Exception as error:  # of the hub's client, of httpx and of its own way to fetch large files
        reason = (str(error).strip().split("\n")[0] or type(error).__name__)[:160]
        raise BilanError(f"neither a folder nor a repository that a hub gives ({reason})", where=path_or_id,
                         mend="check the name and the network, or name a local folder") from error
    return Path(folder)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The fast tokenizer of a checkpoint, from its tokenizer.json to the letter.

    transformers' own classes rebuild the pipeline and lose the normaliser (CamembertTokenizer);
    they are asked only where there is no tokenizer.json. Before it is parsed, each file of the checkpoint that was
    stamped is held against its digest: BilanError where one is damaged.
    """
    _check_files(folder)
    file = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(file)) if file.is_file() else _converted(folder)
    except BilanError:
        raise
    except BaseException as error:  # tokenizers raises bare Exception, and panics, which are none
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BilanError(f"unreadable tokenizer ({error})", where=file,
                         mend="fetch or save the checkpoint again") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _converted(folder: Path) -> Tokenizer:
    try:
        from transformers import AutoTokenizer
    except ImportError as error:
        raise absent(error, "a checkpoint without tokenizer.json", where=folder) from error
    return AutoTokenizer.from_pretrained(folder, use_fast=True).backend_tokenizer


def fast_tokenizer(tokenizer: Tokenizer, folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer as transformers' PreTrainedTokenizerFast, with the special tokens of `folder`."""
    from transformers import PreTrainedTokenizerFast

    file = folder / "tokenizer_config.json"
    config = parse_json(read_text(file), where=file) if file.is_file() else {}
    named = {name: config[name] for name in SPECIALS if config.get(name)}
    specials = {name: value if isinstance(value, str) else value["content"] for name, value in named.items()}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **specials,
                                   model_max_length=config.get("model_max_length", 512))


def wrapping(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The special token ids that stand before and after a text (`<s>`, `</s>`)."""
    encoding = tokenizer.encode("a")
    specials = encoding.special_tokens_mask
    first = specials.index(0)
    last = len(specials) - specials[::-1].index(0)
    return encoding.ids[:first], encoding.ids[last:]


def save_cutting(folder: Path, cutting: Cutting, tokenizer: Tokenizer, **extra: Any) -> None:
    """Write `bilan.json` with the golden sentence, whole or not at all; `stamp` adds the digests of the files."""
    golden = {"text": GOLDEN, "ids": tokenizer.encode(GOLDEN, add_special_tokens=False).ids}
    told = {name: value for name, value in asdict(cutting).items() if value is not None}
    write_json(folder / "bilan.json", {"cutting": told, "golden": golden} | extra)


def stamp(folder: Path) -> None:
    """Write the digests of the other files, and of what `bilan.json` says itself, into `bilan.json`.

    To be called when all of them are there, and again when one is changed on purpose.
    """
    file = folder / "bilan.json"
    content = parse_json(read_text(file), where=file)
    found = sorted(path for pattern in STAMPED for path in folder.glob(pattern))
    content |= {"files": {path.name: _digest(read_bytes(path)) for path in found}}
    write_json(file, content | {"digest": _own(content)})


def stated(folder: Path) -> dict[str, Any]:
    """What `bilan.json` says, without the digests of the files beside it: alike in a run and in its export."""
    file = folder / "bilan.json"
    content = parse_json(read_text(file), where=file)
    return {name: value for name, value in content.items() if name not in ("files", "digest")}


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _own(content: Mapping[str, Any]) -> str:
    parts = [content.get(name) for name in ("cutting", "golden", "files")]
    return _digest(json.dumps(parts, sort_keys=True).encode())


def _check_files(folder: Path) -> None:
    """Raise BilanError for a file that is not as it was when it was stamped; those of other exports may be absent."""
    try:
        files = parse_json(read_bytes(folder / "bilan.json"), where=folder).get("files") or {}
        stamps = {folder / Path(name).name: digest for name, digest in files.items()}
    except (BilanError, AttributeError):
        return  # no stamp, or a damaged one, which `load_cutting` tells
    for file, digest in stamps.items():
        if file.is_file() and _digest(read_bytes(file)) != digest:
            raise BilanError("not as it was saved: damaged, or of another checkpoint", where=file,
                             mend="fetch or save the checkpoint again; if the change is meant, take `files` and "
                                  "`digest` out of bilan.json")


def load_cutting(folder: Path, tokenizer: Tokenizer) -> Cutting:
    """The Cutting of a folder, the default one for a plain transformers folder.

    Raises BilanError when the tokenizer gives the golden sentence other ids than when it was saved, for a file that
    is not as it was stamped, and for a training that is not finished.
    """
    file = folder / "bilan.json"
    if not file.is_file():
        if (folder / "plan.json").is_file():
            raise BilanError("this training is not finished", where=folder,
                             mend="start the same command again with --resume")
        return Cutting()
    content = parse_json(read_text(file), where=file)
    try:
        cutting, golden = _cutting(**content["cutting"]), content["golden"]
        ids = tokenizer.encode(golden["text"], add_special_tokens=False).ids
    except (KeyError, TypeError, ValueError) as error:
        raise BilanError(f"not a bilan.json of ours ({error})", where=file,
                         mend="save the checkpoint again") from error
    if ids != golden["ids"]:
        raise BilanError("the tokenizer cuts the golden sentence otherwise than in training", where=folder,
                         mend="restore its tokenizer.json, or install the tokenizers release that saved it")
    if "digest" in content and content["digest"] != _own(content):
        raise BilanError("not as it was saved: damaged, or changed by hand", where=file,
                         mend="fetch or save the checkpoint again; if the change is meant, take `digest` out of it")
    return cutting


def _cutting(*, transitions: list[list[float]] | None = None, **values: Any) -> Cutting:
    cutting = Cutting(**values)
    if not (type(cutting.window) is type(cutting.overlap) is int and cutting.window > 2 and cutting.overlap >= 0
            and isinstance(cutting.trim, str) and isfinite(cutting.temperature) and cutting.temperature > 0):
        raise ValueError("window, overlap, trim or temperature out of range")
    if transitions is None:
        return cutting
    rows = tuple(tuple(float(score) for score in row) for row in transitions)
    if {len(row) for row in rows} != {len(rows)} or not all(isfinite(score) for row in rows for score in row):
        raise ValueError("transitions are no square of finite numbers")
    return replace(cutting, transitions=rows)


def capacity(config: Mapping[str, Any]) -> int | None:
    """How many tokens the position table of a model holds, special ones included; None: no limit said.

    In RoBERTa's family, CamemBERT's too, positions are counted from after the padding index.
    """
    positions = config.get("max_position_embeddings") or None
    if positions and config.get("model_type") in ROBERTAS:
        return positions - (config.get("pad_token_id") or 0) - 1
    return positions


def saved_f1(entry: Mapping[str, Any]) -> float:
    """The dev F1 of the saved model by its record (`run.json`); that of the best epoch in records that lack it.

    >>> saved_f1({"dev": {"best": {"f1": 0.8}}})
    0.8
    """
    return entry["dev"].get("saved", entry["dev"]["best"])["f1"]


def tag_names(config: Mapping[str, Any], *, where: object) -> list[str]:
    """The names of a model's output columns, from `id2label` of its config.json."""
    names = {int(column): str(name) for column, name in (config.get("id2label") or {}).items()}
    if not names or sorted(names) != list(range(len(names))):
        raise BilanError("config.json names no output tags (id2label)", where=where,
                         mend="a token-classification checkpoint is expected")
    return [names[column] for column in range(len(names))]
