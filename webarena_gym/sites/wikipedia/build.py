"""Builds the encyclopedia's image: the articles of the facts, and short ones about places."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

from ..base import BuildOptions, create_base_tables, create_tables
from .articles import Article, article_from_facts, body_of, plain
from .places import BASE_CITIES, Places

_SEED = Path(__file__).parent / "seed"


def build(connection: sqlite3.Connection, options: BuildOptions) -> None:
    """All tables, equal for equal options. ``scale`` multiplies the cities, as far as the facts go."""
    facts = options.facts or _read("facts.json")
    create_base_tables(connection, dt.datetime.fromisoformat(facts["clock"]))
    create_tables(connection, _SEED / "schema.sql")
    written = [article_from_facts(fact) for fact in facts["articles"]]
    names = {name for article in written for name in (article.title, *article.aliases)}
    places = Places(_read("places.json"), round(BASE_CITIES * options.scale))
    articles = [*written, *(article for article in places.articles() if article.title not in names)]
    titles = _titles(articles)
    for number, article in enumerate(articles, 1):
        text = "\n".join(map(plain, article.texts()))
        connection.execute(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?)",
            (number, article.title, json.dumps(body_of(article, titles), ensure_ascii=False), text, len(text.split())),
        )
        searched = " ".join([article.title, *article.aliases])
        connection.execute("INSERT INTO article_search (rowid, title, text) VALUES (?, ?, ?)", (number, searched, text))
    numbers = {article.title: number for number, article in enumerate(articles, 1)}
    connection.executemany("INSERT INTO name VALUES (?, ?)", [(name, numbers[title]) for name, title in titles.items()])
    connection.executemany(
        "INSERT INTO topic (heading, title) VALUES (?, ?)",
        [(heading, title) for heading, topics in facts["topics"] for title in topics if title in numbers],
    )


def _titles(articles: list[Article]) -> dict[str, str]:
    """Title or alias -> title of the article it leads to: titles before aliases, earlier articles before later ones."""
    titles = {article.title: article.title for article in articles}
    for article in articles:
        for alias in article.aliases:
            titles.setdefault(alias, article.title)
    return titles


def _read(name: str) -> Any:
    return json.loads((_SEED / name).read_text(encoding="utf-8"))
