"""The adjudication as a TOML file that a person edits: one `[[place]]` a disagreement.

```
[annotations]                 # annotator → the file or folder with the annotations
"anne" = "anne/"

[[place]]
document = "d1"
start = 2                     # half-open code points of the text
end = 15
context = "l’⟦armée russe⟧ avance"
version."anne" = "[armée russe](FORCE)"
version."benoît" = "[armée](FORCE) russe"
decision = "anne"
```
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .adjudicate import Place
from .errors import BilanError
from .files import read_text, written

HEAD = """\
# Write after each `decision` the name of the annotator who is right, or the stretch between ⟦ and ⟧ in the
# notation of the guide as it shall be ("plain text" where nothing is to be marked). Edit nothing else.
# Then: bilan-data merge THIS-FILE MERGED
"""


class Adjudication(NamedTuple):
    """Where each annotator's documents are, and the places to decide."""

    sources: Mapping[str, str]
    places: tuple[Place, ...]


def write(adjudication: Adjudication, path: Path) -> None:
    """Write the file, whole or not at all."""
    with written(path) as stream:
        stream.write(render(adjudication))


def render(adjudication: Adjudication) -> str:
    """The file as text."""
    sources = [f"{_string(name)} = {_string(source)}" for name, source in adjudication.sources.items()]
    return "\n".join([f"{HEAD}\n[annotations]", *sources, *map(_block, adjudication.places)]) + "\n"


def _block(place: Place) -> str:
    lines = [f"document = {_string(place.document)}", f"start = {place.start}", f"end = {place.end}",
             f"context = {_string(place.context)}",
             *(f"version.{_string(name)} = {_string(text)}" for name, text in place.versions.items()),
             f"decision = {_string(place.decision)}"]
    return "\n".join(["\n[[place]]", *lines])


def _string(text: str) -> str:
    """A TOML basic string: that of JSON, but U+007F must be escaped too (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(path: Path) -> Adjudication:
    """The adjudication in a file; BilanError says what is not as `render` writes it."""
    try:
        table = tomllib.loads(read_text(path).replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BilanError(f"not TOML ({error})", where=path,
                         mend='a string stands in "…", with \\" for "') from error
    try:
        places = tuple(_read(entry) for entry in table.get("place", []))
        sources = {str(name): _typed(source, str) for name, source in table["annotations"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BilanError(f"not an adjudication: {type(error).__name__} {error}", where=path,
                         mend="make one: bilan-data agree A B --adjudication FILE") from error
    return Adjudication(sources, places)


def _read(entry: dict[str, Any]) -> Place:
    versions = {name: _typed(text, str) for name, text in entry["version"].items()}
    return Place(_typed(entry["document"], str), _typed(entry["start"], int), _typed(entry["end"], int),
                 _typed(entry["context"], str), versions, _typed(entry["decision"], str))


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return value
