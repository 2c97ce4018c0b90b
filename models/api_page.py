"""The description of the API as one page without script or network, made from its OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bilan: API</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main class="sheet">
<h1>bilan: API</h1>
"""
EXAMPLE = """curl --json '{"text": "Selon Kiev, 12 soldats ont été tués vendredi.", "date": "2025-02-07"}' \\
  http://127.0.0.1:8000/read"""


def api_page(openapi: Mapping[str, Any]) -> str:
    """The routes with what they take, give and refuse, then the schemas, all escaped."""
    parts = [HEAD, f"<p>{escape(openapi['info']['description'])} The machine-readable form: "
                   '<a href="/openapi.json">openapi.json</a>.</p>', f"<pre tabindex=\"0\">{escape(EXAMPLE)}</pre>"]
    for path, operations in openapi["paths"].items():
        for method, operation in operations.items():
            parts += _operation(f"{method.upper()} {path}", operation)
    parts.append("<h2>Schemas</h2>")
    for name, schema in openapi["components"]["schemas"].items():
        parts += [f'<h3 id="{escape(name)}">{escape(name)}</h3>', f"<p>{escape(schema.get('description', ''))}</p>",
                  _table("field", "type", [(field, _type(kind), kind.get("description", ""))
                                           for field, kind in schema.get("properties", {}).items()], name)]
    return "\n".join([*parts, "</main>", "</body>", "</html>\n"])


def _operation(title: str, operation: Mapping[str, Any]) -> list[str]:
    takes = _schema(operation.get("requestBody", {}))
    rows = [(status, _schema(answer), answer.get("description", ""))
            for status, answer in operation["responses"].items()]
    said = escape(operation.get("description", ""))
    return [f"<h2><code>{escape(title)}</code></h2>", f"<p>{said}</p>",
            f"<p>Takes {takes}.</p>" if takes else "", _table("answer", "body", rows, title)]


def _schema(holder: Mapping[str, Any]) -> str:
    return _type(holder.get("content", {}).get("application/json", {}).get("schema", {}))


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a few words, already HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"array of {_type(schema.get('items', {})) or 'pairs'}"
    return escape(str(schema.get("format") or schema.get("type") or ""))


def _table(first: str, second: str, rows: list[tuple[str, str, str]], of: str) -> str:
    body = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{kind}</td><td>{escape(said)}</td></tr>'
                   for name, kind, said in rows)
    return (f'<div class="scroll" tabindex="0" role="region" aria-label="{first}s of {escape(of)}"><table><thead><tr>'
            f'<th scope="col">{first}</th><th scope="col">{second}</th><th scope="col">what</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div>") if rows else ""
