"""Markdown as issues, comments and READMEs use it, as HTML that holds nothing but what this module writes.

Covered: headings, paragraphs, lists, task lists, quotes, fenced code, tables, bold, italic, code, links, bare addresses,
mentions and references. Not covered: HTML (shown as text), images (their description is shown), nested lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|(?P<image>!?)\[(?P<text>[^\[\]\n]{0,300})\]\((?P<target>[^()\s]{1,500})\)"
    r"|(?P<address>https?://[^\s<>\"')\[\]]{1,500})"
    r"|(?<![\w/@.])@(?P<person>[A-Za-z0-9](?:[\w.-]{0,100}\w)?)"
    r"|(?<![\w&/])#(?P<issue>\d{1,9})\b"
    r"|(?<![\w&/])!(?P<request>\d{1,9})\b"
    r"|(?<!\w)(?P<mark>[*_])(?P<italic>[^*_\n]+)(?P=mark)(?!\w)"
)
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_ITEM = re.compile(r"[ \t]{0,6}(?:[-*+]|(\d{1,9})[.)])[ \t]+(.*)$")
_TASK = re.compile(r"\[([ xX])\][ \t]+(.*)$")
_RULE = re.compile(r"\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?$")
_SAFE_TARGET = re.compile(
    r"(https?://[A-Za-z0-9][\w.-]*(:\d{1,4})?([/?#][^\[\]]*)?|/[^\[\]]*|#[\w-]+|[\w.-]+(/[^\[\]:]*)?)", re.ASCII
)
_DEEPEST = 3


class References(NamedTuple):
    """Where mentions and references lead; each function returns an address, or None if there is no such thing."""

    person: Callable[[str], str | None] = lambda name: None
    issue: Callable[[int], str | None] = lambda iid: None
    request: Callable[[int], str | None] = lambda iid: None
    base: str = ""  # what relative links start with


def render(text: str, references: References = References()) -> Markup:
    """
    >>> print(render("**Hi** <b>"))
    <p><strong>Hi</strong> &lt;b&gt;</p>
    """
    return Markup("\n".join(_blocks(text.replace("\r\n", "\n").split("\n"), references)))


def _blocks(lines: list[str], references: References) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
        elif line.lstrip().startswith("```"):
            end = next((i for i in range(place + 1, len(lines)) if lines[i].lstrip().startswith("```")), len(lines))
            yield f"<pre><code>{escape(chr(10).join(lines[place + 1 : end]))}</code></pre>"
            place = end + 1
        elif match := _HEADING.match(line):
            level = len(match[1])
            yield f"<h{level}>{_inline(match[2], references)}</h{level}>"
            place += 1
        elif _ITEM.match(line):
            end = _run(lines, place, lambda text: bool(_ITEM.match(text)))
            yield _list(lines[place:end], references)
            place = end
        elif line.startswith(">"):
            end = _run(lines, place, lambda text: text.startswith(">"))
            inner = " ".join(text.lstrip("> ") for text in lines[place:end])
            yield f"<blockquote><p>{_inline(inner, references)}</p></blockquote>"
            place = end
        elif (
            "|" in line
            and place + 1 < len(lines)
            and "|" in lines[place + 1]
            and _RULE.fullmatch(lines[place + 1].strip())
        ):
            end = _run(lines, place + 2, lambda text: "|" in text)
            yield _table([line, *lines[place + 2 : end]], references)
            place = end
        else:
            end = _run(lines, place + 1, lambda text: bool(text.strip()) and not _starts_block(text))
            yield f"<p>{_inline(chr(10).join(lines[place:end]), references)}</p>"
            place = end


def _starts_block(line: str) -> bool:
    return bool(_HEADING.match(line) or _ITEM.match(line)) or line.startswith((">", "```"))


def _run(lines: list[str], start: int, belongs: Callable[[str], bool]) -> int:
    """The index after the last line from ``start`` on that belongs."""
    end = start
    while end < len(lines) and belongs(lines[end]):
        end += 1
    return end


def _list(lines: list[str], references: References) -> str:
    matches = [match for line in lines if (match := _ITEM.match(line))]
    tag = "ol" if matches[0][1] else "ul"
    items = []
    for match in matches:
        task = _TASK.match(match[2])
        box = "" if task is None else ("☐ " if task[1] == " " else "☑ ")
        items.append(f"<li>{box}{_inline(task[2] if task else match[2], references)}</li>")
    return f"<{tag}>{''.join(items)}</{tag}>"


def _table(lines: list[str], references: References) -> str:
    rows = [[_inline(cell.strip(), references) for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _inline(text: str, references: References, depth: int = 0) -> str:
    parts: list[str] = []
    place = 0
    for match in _INLINE.finditer(text):
        parts.append(str(escape(text[place : match.start()])))
        parts.append(_piece(match, references, depth))
        place = match.end()
    parts.append(str(escape(text[place:])))
    return "".join(parts)


def _piece(match: re.Match[str], references: References, depth: int) -> str:
    if (code := match["code"]) is not None:
        return f"<code>{escape(code)}</code>"
    for name, tag in (("bold", "strong"), ("italic", "em")):
        if (inner := match[name]) is not None:
            return f"<{tag}>{_inline(inner, references, depth + 1) if depth < _DEEPEST else escape(inner)}</{tag}>"
    if match["target"] is not None:
        label = match["text"].strip() or match["target"]
        if match["image"] or not _SAFE_TARGET.fullmatch(match["target"]):
            return str(escape(label))
        return _link(_address(match["target"], references.base), label)
    if match["address"] is not None:
        shown = match["address"].rstrip(".,;:!?")
        return _link(shown, shown) + str(escape(match["address"][len(shown) :]))
    if match["person"] is not None:
        where = references.person(match["person"])
    elif match["issue"] is not None:
        where = references.issue(int(match["issue"]))
    else:
        where = references.request(int(match["request"]))
    return _link(where, match[0]) if where else str(escape(match[0]))


def _address(target: str, base: str) -> str:
    if target.startswith(("http://", "https://", "/", "#")):
        return target
    return f"{base}/{quote(target, safe='/#?&=%.-_~')}"


def _link(address: str, label: str) -> str:
    return f'<a href="{escape(address)}">{escape(label)}</a>' if is_visible(label) else str(escape(label))


def is_visible(text: str) -> bool:
    """True if a reader sees anything of it: not all white space and invisible characters.

    >>> is_visible(" \\u200b"), is_visible("é")
    (False, True)
    """
    return any(not char.isspace() and unicodedata.category(char) not in ("Cc", "Cf", "Cn", "Co", "Cs") for char in text)
