"""Markdown to HTML, as posts, comments, biographies, sidebars and wiki pages are written.

Covered: paragraphs, hard breaks, headings, quotes, lists, code, rules, emphasis, strong, strikethrough, links, bare addresses,
and /f/forum, /u/user, /w/page. Not covered: tables, footnotes, reference links; pictures become links; HTML is shown as text.
Time is linear in the text's length, whatever the text: nothing here looks back further than its own construct.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import escape

_DEEPEST = 6  # quotes and lists within each other; deeper ones are shown as text
_MOST_OPEN = 16  # delimiters waiting at once, so that elements never stand deeper in each other than that
_SPECIAL = re.compile(r"[\\`*_~\[<]|://|/[fuw]/|^\s*(?:[#>+=-]|\d+[.)] )|^ {4}|  \n", re.M)
_FENCE = re.compile(r" {0,3}(```+|~~~+)[^`\n]*$")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)(.*?)[ \t]*#*[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"( {0,3})([*+-]|\d{1,9}[.)])( +|$)")
_INLINE = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<break>(?:\\|\ {2,})\n)|(?P<ticks>`+)|(?P<delimiter>\*{1,3}|__|_|~~)
    |!?\[(?P<text>[^\[\]\n]{1,500})\]\(\s{0,3}<?(?P<target>[^\s()<>]{1,2000})>?(?:\s{1,3}"[^"\n]{0,200}")?\s{0,3}\)
    |<(?P<angle>https?://[^\s<>]{1,2000})>|(?<!\w)(?P<bare>https?://[^\s<>]{1,2000})
    |(?<![\w/])/(?P<local>[fuw]/[A-Za-z0-9_-]{1,60})(?![\w/])""",
    re.X,
)
_OPEN = {"***": "<em><strong>", "**": "<strong>", "__": "<strong>", "*": "<em>", "_": "<em>", "~~": "<del>"}
_CLOSE = {"***": "</strong></em>", "**": "</strong>", "__": "</strong>", "*": "</em>", "_": "</em>", "~~": "</del>"}
_PATHS = {"f": "/f/", "u": "/user/", "w": "/wiki/"}


def markdown(text: str) -> str:
    """HTML that is safe to put into a page. Equal texts give equal HTML.

    >>> markdown("It *works*, see http://a.test/x.")
    '<p>It <em>works</em>, see <a href="http://a.test/x" rel="nofollow">http://a.test/x</a>.</p>'
    >>> markdown("<script>alert(1)</script>")
    '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not _SPECIAL.search(text):
        return "".join(f"<p>{escape(part.strip())}</p>" for part in re.split(r"\n[ \t]*\n", text) if part.strip())
    return _blocks(text.expandtabs(4).split("\n"), 0)


def _blocks(lines: Sequence[str], depth: int) -> str:
    out: list[str] = []
    paragraph: list[str] = []

    def end_paragraph() -> None:
        if paragraph:
            out.append(f"<p>{_inline(chr(10).join(paragraph))}</p>")
            paragraph.clear()

    i = 0
    while i < len(lines):
        line = lines[i]
        if not line.strip():
            end_paragraph()
            i += 1
        elif fence := _FENCE.match(line):
            end_paragraph()
            end = _fence_end(lines, i + 1, fence[1])
            out.append(_code(lines[i + 1 : end]))
            i = end + 1
        elif paragraph and (underline := _UNDERLINE.match(line)):
            title = _inline("\n".join(paragraph))
            paragraph.clear()
            level = 1 if underline[1][0] == "=" else 2
            out.append(f"<h{level}>{title}</h{level}>")
            i += 1
        elif _RULE.match(line):
            end_paragraph()
            out.append("<hr>")
            i += 1
        elif heading := _HEADING.match(line):
            end_paragraph()
            if title := _inline(heading[2]):
                out.append(f"<h{len(heading[1])}>{title}</h{len(heading[1])}>")
            i += 1
        elif line.startswith("    ") and not paragraph:
            end = next((j for j in range(i, len(lines)) if lines[j].strip() and lines[j][:4].strip()), len(lines))
            out.append(_code([code[4:] for code in lines[i:end]]))
            i = end
        elif depth < _DEEPEST and _QUOTE.match(line):
            end_paragraph()
            end = next((j for j in range(i, len(lines)) if not lines[j].strip()), len(lines))
            inner = [_QUOTE.sub("", quoted, count=1) for quoted in lines[i:end]]
            out.append(f"<blockquote>{_blocks(inner, depth + 1)}</blockquote>")
            i = end
        elif (
            depth < _DEEPEST
            and (item := _ITEM.match(line))
            and (not paragraph or item[2] in "*+-" or item[2][:-1] == "1")
        ):
            end_paragraph()
            html, i = _list(lines, i, item, depth)
            out.append(html)
        else:
            paragraph.append(line.lstrip())
            i += 1
    end_paragraph()
    return "".join(out)


def _fence_end(lines: Sequence[str], start: int, fence: str) -> int:
    """The index of the closing line, or the end of the text."""
    for j in range(start, len(lines)):
        stripped = lines[j].strip()
        if len(stripped) >= len(fence) and not stripped.strip(fence[0]):
            return j
    return len(lines)


def _code(lines: Sequence[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return f"<pre><code>{escape(text)}</code></pre>" if text.strip() else ""


def _list(lines: Sequence[str], start: int, first: re.Match[str], depth: int) -> tuple[str, int]:
    """The list that starts here, and the index of the line after it. An item ends where less indented text begins."""
    ordered = first[2] not in "*+-"
    items: list[list[str]] = []
    width, i = 0, start
    while i < len(lines):
        line = lines[i]
        item = _ITEM.match(line)
        if item and len(item[1]) < max(width, 1) and (item[2] not in "*+-") == ordered and not _RULE.match(line):
            width = min(len(item[0]), len(item[1]) + len(item[2]) + 4) or 2
            items.append([line[item.end() :]])
        elif not line.strip():
            following = lines[i + 1] if i + 1 < len(lines) else ""
            if not following.startswith(" " * width) and not _ITEM.match(following):
                break
            items[-1].append("")
        elif line.startswith(" " * width):
            items[-1].append(line[width:])
        elif (
            lines[i - 1].strip()
            and not _QUOTE.match(line)
            and not _FENCE.match(line)
            and not _HEADING.match(line)
            and not item
        ):
            items[-1].append(line.lstrip())  # a paragraph that goes on without indentation
        else:
            break
        i += 1
    tag = "ol" if ordered else "ul"
    html = (_tight(_blocks(item, depth + 1)) for item in items)
    return f"<{tag}>{''.join(f'<li>{inner}</li>' for inner in html)}</{tag}>", i


def _tight(html: str) -> str:
    """An item of one paragraph stands without it."""
    return html[3:-4] if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1 else html


def _inline(text: str, *, links: bool = True) -> str:
    """The inline part: ``pieces`` is the HTML so far, ``open_`` the delimiters that may still be closed."""
    pieces: list[str] = []
    open_: list[tuple[str, int, int]] = []  # delimiter, its place in pieces, its end in the text
    waiting = dict.fromkeys(_OPEN, 0)
    ticks = _tick_runs(text)
    done = 0
    match = _INLINE.search(text)
    while match is not None:
        pieces.append(str(escape(text[done : match.start()])))
        done = match.end()
        kind = match.lastgroup
        if kind == "escaped":
            pieces.append(str(escape(match["escaped"])))
        elif kind == "break":
            pieces.append("<br>")
        elif kind == "ticks":
            end = _closing_ticks(ticks, match)
            if end is None:
                pieces.append(match[0])
            else:
                pieces.append(f"<code>{escape(text[done:end].replace(chr(10), ' ').strip() or ' ')}</code>")
                done = end + len(match[0])
        elif kind == "delimiter":
            _delimiter(match, text, pieces, open_, waiting)
        else:
            html, done = _link(match, links)
            pieces.append(html)
        match = _INLINE.search(text, done)
    pieces.append(str(escape(text[done:])))
    return "".join(pieces).strip()


def _tick_runs(text: str) -> dict[int, list[int]]:
    """Where runs of backticks start, by length, last one first: each is looked at once."""
    runs: dict[int, list[int]] = {}
    if "`" in text:
        for run in re.finditer("`+", text):
            runs.setdefault(len(run[0]), []).append(run.start())
        for starts in runs.values():
            starts.reverse()
    return runs


def _closing_ticks(runs: dict[int, list[int]], opening: re.Match[str]) -> int | None:
    starts = runs.get(len(opening[0]), [])
    while starts and starts[-1] < opening.end():
        starts.pop()
    return starts.pop() if starts else None


def _delimiter(
    match: re.Match[str], text: str, pieces: list[str], open_: list[tuple[str, int, int]], waiting: dict[str, int]
) -> None:
    """Close the nearest equal delimiter, else open one; a delimiter that is never closed stays the text it is."""
    delimiter = match[0]
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    closes = bool(before) and not before.isspace() and not (delimiter[0] == "_" and after.isalnum())
    opens = bool(after) and not after.isspace() and not (delimiter[0] == "_" and before.isalnum())
    if closes and waiting[delimiter]:
        while True:
            other, place, end = open_.pop()
            waiting[other] -= 1
            if other == delimiter:
                break
        if end < match.start():
            pieces[place] = _OPEN[delimiter]
            pieces.append(_CLOSE[delimiter])
            return
    elif opens and len(open_) < _MOST_OPEN:
        open_.append((delimiter, len(pieces), match.end()))
        waiting[delimiter] += 1
    pieces.append(str(escape(delimiter)))


def _link(match: re.Match[str], links: bool) -> tuple[str, int]:
    """The HTML of a link, and where the text goes on: the stop at the end of a bare address is not part of it."""
    end = match.end()
    if match["text"] is not None:
        label, target = _inline(match["text"], links=False), match["target"]
    elif match["local"] is not None:
        kind, _, name = match["local"].partition("/")
        label, target = str(escape(match[0])), _PATHS[kind] + name
    else:
        address = match["angle"] or match["bare"].rstrip(".,;:!?'\"*_~`)]")
        end = end if match["angle"] else match.start() + len(address)
        label, target = str(escape(address)), address
    if not links or not label or not re.match(r"https?://[^\s/?#]|/(?!/)", target):
        return str(escape(match.string[match.start() : end])) if match[
            "text"
        ] is None else f"{label} ({escape(target)})", end
    nofollow = "" if target.startswith("/") else ' rel="nofollow"'
    return f'<a href="{escape(target)}"{nofollow}>{label}</a>', end
