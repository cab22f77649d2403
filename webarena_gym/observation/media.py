"""Documents that are no HTML page: plain text, JSON and images opened by themselves."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from ..types import Node
from .whitespace import collapse


def extract_media(content_type: str, url: str, body: str) -> tuple[Node, ...]:
    """The lines of a text, or the file name of an image; ``extract.js`` reads the browser's own viewer the same way."""
    if content_type.startswith("image/"):
        return (Node("img", unquote(urlsplit(url).path.rsplit("/", 1)[-1]), 0),)
    lines = (line for line in map(collapse, body.split("\n")) if line)
    return tuple(Node("text", line, number) for number, line in enumerate(lines))
