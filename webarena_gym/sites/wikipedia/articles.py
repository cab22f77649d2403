"""What an article is made of, its address, and the markup of links in its texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

BOOK = "wikipedia_en_all_maxi_2022-05"
BOOK_PATH = f"/{BOOK}"
LANDING_TITLE = "User:The other Kiwix guy/Landing"
_LINK = re.compile(r"\[\[([^\]|]+)(?:\|([^\]]+))?\]\]")


def path_of(title: str) -> str:
    """The address of an article.

    >>> path_of("Vinalhaven, Maine")
    '/wikipedia_en_all_maxi_2022-05/A/Vinalhaven,_Maine'
    """
    return f"{BOOK_PATH}/A/{quote(title.replace(' ', '_'), safe='/:,()')}"


LANDING = path_of(LANDING_TITLE)


@dataclass(frozen=True, slots=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with texts, a list and a table below it, each of which may be missing."""

    heading: str
    paragraphs: Sequence[str] = ()
    list: Sequence[str] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """``aliases`` are titles that lead here. Texts hold links as ``[[Title]]`` or ``[[Title|shown text]]``."""

    title: str
    paragraphs: Sequence[str]
    aliases: Sequence[str] = ()
    infobox: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = field(default=())

    def texts(self) -> list[str]:
        """Every text of the article in order, links as they are written."""
        found = [*self.paragraphs, *(f"{label}: {value}" for label, value in self.infobox)]
        for section in self.sections:
            rows = [section.table.head, *section.table.rows] if section.table else []
            found += [section.heading, *section.paragraphs, *section.list, *(" ".join(row) for row in rows)]
        return found


def article_from_facts(fact: Mapping[str, Any]) -> Article:
    """An article as ``seed/facts.json`` holds it."""
    return Article(
        title=fact["title"],
        paragraphs=fact["paragraphs"],
        aliases=fact.get("aliases", ()),
        infobox=[(label, value) for label, value in fact.get("infobox", ())],
        sections=[
            Section(
                section["heading"],
                section.get("paragraphs", ()),
                section.get("list", ()),
                Table(**section["table"]) if "table" in section else None,
            )
            for section in fact.get("sections", ())
        ],
    )


def plain(text: str) -> str:
    """The text as it is read, without the markup of its links.

    >>> plain("near [[Shanksville, Pennsylvania|Shanksville]] in [[Pennsylvania]]")
    'near Shanksville in Pennsylvania'
    """
    return _LINK.sub(lambda match: match[2] or match[1], text)


def linked(text: str, titles: Mapping[str, str]) -> str:
    """The text as HTML. ``titles`` maps every title and alias to the article's title; other links are plain text.

    >>> linked("[[MIT]] & [[Nobody]]", {"MIT": "Massachusetts Institute of Technology"})
    '<a href="/wikipedia_en_all_maxi_2022-05/A/Massachusetts_Institute_of_Technology">MIT</a> &amp; Nobody'
    """
    pieces, done = [], 0
    for match in _LINK.finditer(text):
        pieces.append(escape(text[done : match.start()]))
        shown = match[2] or match[1]
        target = titles.get(match[1])
        pieces.append(escape(shown) if target is None else Markup('<a href="{}">{}</a>').format(path_of(target), shown))
        done = match.end()
    return str(Markup("").join([*pieces, escape(text[done:])]))


def body_of(article: Article, titles: Mapping[str, str]) -> dict[str, Any]:
    """What the page of an article shows, texts as HTML, ready for JSON."""

    def convert(value: Any) -> Any:
        if isinstance(value, str):
            return linked(value, titles)
        if isinstance(value, Mapping):
            return {key: convert(inner) for key, inner in value.items()}
        return None if value is None else [convert(inner) for inner in value]

    parts = asdict(article)
    return {name: convert(parts[name]) for name in ("infobox", "paragraphs", "sections")}
