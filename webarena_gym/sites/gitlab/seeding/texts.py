"""Names, titles, descriptions, comments and files from word lists: realistic variety, none of it anybody's text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

Words = Mapping[str, Any]

_OTHER = re.compile(r"[^a-z0-9]+")
_COMMENT_MARKS = {
    "py": "#", "sh": "#", "toml": "#", "yaml": "#", "rb": "#", "gradle": "//", "js": "//", "java": "//", "scss": "//",
    "php": "//", "properties": "#", "txt": "#",
}  # fmt: skip


def slug(text: str) -> str:
    """The part of an address or a branch name that a text becomes.

    >>> slug("Fix skip link in the build!")
    'fix-skip-link-in-the-build'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-") or "item"


class Phrases:
    """Fills the templates of ``words.json`` for one domain: {p} and {q} are two of its parts, {a} an area."""

    def __init__(self, random: Random, words: Words, domain: str) -> None:
        self.random, self.words = random, words
        self.domain = words["domains"][domain]

    def fill(self, templates: Sequence[str], **extra: str) -> str:
        return self.fill_alike(templates, self.subject(), **extra)

    def subject(self) -> tuple[str, str, str]:
        """Two different parts and an area, to be spoken of in several texts."""
        part, other = self.random.sample(self.domain["parts"], 2)
        return part, other, self.random.choice(self.domain["areas"])

    def fill_alike(self, templates: Sequence[str], subject: tuple[str, str, str], **extra: str) -> str:
        part, other, area = subject
        return self.random.choice(templates).format(p=part, P=part[0].upper() + part[1:], q=other, a=area, **extra)


def readme(phrases: Phrases, name: str, about: str) -> str:
    """The README of a project."""
    words = phrases.words["readme"]
    about = about.rstrip(".")
    return (
        f"# {name}\n\n{phrases.fill(words['intro'], name=name, about=about)}\n\n## Usage\n\n{phrases.fill(words['usage'])}"
        f"\n\n## Contributing\n\n{phrases.fill(words['help'])}\n\n## License\n\nSee [LICENSE](LICENSE).\n"
    )


def file_content(phrases: Phrases, path: str, name: str, about: str) -> str:
    """What a file of a generated project holds, by its name."""
    if path == "README.md":
        return readme(phrases, name, about)
    if path == "LICENSE":
        return f"Copyright (c) the authors of {name}\n\nUse, change and share this freely, but keep this note.\nIt comes without any warranty.\n"
    if path == ".gitignore":
        return "build/\ndist/\n*.log\n.DS_Store\n"
    if path == "package.json":
        return f'{{\n  "name": "{slug(name)}",\n  "version": "1.4.0",\n  "scripts": {{\n    "start": "serve src",\n    "test": "run-tests"\n  }}\n}}\n'
    extension = path.rsplit(".", 1)[-1]
    if extension == "md":
        title = slug(path.rsplit("/", 1)[-1].removesuffix(".md")).replace("-", " ").capitalize()
        items = "\n".join(f"- {phrases.fill(['{P}', '{P} in {a}', '{P} and {q}'])}" for _ in range(4))
        return f"# {title}\n\n{phrases.fill(phrases.words['readme']['usage'])}\n\n{items}\n"
    if extension == "html":
        return f"<!doctype html>\n<title>{name}</title>\n<main>\n  <h1>{name}</h1>\n  <p>{about}</p>\n</main>\n"
    if extension in ("json", "xml"):
        return (
            f'{{\n  "name": "{slug(name)}"\n}}\n'
            if extension == "json"
            else f"<project>\n  <name>{name}</name>\n</project>\n"
        )
    return _code(phrases, _COMMENT_MARKS.get(extension, "#"), name)


def _code(phrases: Phrases, mark: str, name: str) -> str:
    lines = [f"{mark} {name}"]
    for part in phrases.random.sample(phrases.domain["parts"], 4):
        constant = _OTHER.sub("_", part.lower()).strip("_").upper()
        lines += ["", f"{mark} {phrases.fill(['Used by the {q}.', 'Matters in {a}.', 'Keep in step with the {q}.'])}",
                  f"{constant} = {phrases.random.randrange(2, 400)}"]  # fmt: skip
    return "\n".join(lines) + "\n"
