"""``outer_text`` against Chromium on random markup of the tags that our pages use."""

from __future__ import annotations

import random

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.evaluators.chromium import chromium_page
from webarena_gym.evaluators.outer_text import outer_text

_TEXTS = ["a", " b", "c ", " ", "\n  ", "d e", "  f  g "]
_BOXES = [
    "<input value=x>", "<img alt=q>", "<button> go <b>x</b> </button>", "<textarea>qq</textarea>",
    "<input type=hidden value=3>", "<select><option>o1<option selected> o2 </select>",
]  # fmt: skip
_READ_ALL = """(pages) => pages.map(page => {
    document.body.innerHTML = '<style>[hidden]{display:none!important}</style>' + page;
    return document.querySelector('#target').outerText; })"""


def random_markup(rng: random.Random, depth: int = 3, *, inline: bool = False) -> str:
    return "".join(_random_piece(rng, depth, inline) for _ in range(rng.randint(0, 4)))


def _random_piece(rng: random.Random, depth: int, inline: bool) -> str:
    def inner(inline_only: bool = inline) -> str:
        return random_markup(rng, depth - 1, inline=inline_only)

    kinds = ["text"] * 6 + ["inline"] * 3 + ["br", "box", "hidden"]
    if not inline:
        kinds += ["p", "list", "table", "details", "pre", "dl", "block"]
    match rng.choice(kinds) if depth else "text":
        case "inline":
            tag = rng.choice(["b", "span", "a", "em", "label", "code"])
            return f"<{tag}>{inner(True)}</{tag}>"
        case "br":
            return "<br>"
        case "box":
            return rng.choice(_BOXES)
        case "hidden":
            return f"<span hidden>{inner(True)}</span>"
        case "p":
            return f"<p>{inner(True)}</p>"
        case "list":
            return "<ul>" + "".join(f"\n <li>{inner()}</li>" for _ in range(rng.randint(0, 3))) + "</ul>"
        case "table":
            row = "".join(f"<td>{inner()}</td>" for _ in range(rng.randint(0, 3)))
            return "<table>" + "".join(f"<tr>{row}</tr>" for _ in range(rng.randint(0, 3))) + "</table>"
        case "details":
            return f"<details{rng.choice(['', ' open'])}><summary>{inner(True)}</summary>{inner()}</details>"
        case "pre":
            return f"<pre>{rng.choice([chr(10) + 'x' + chr(10) + ' y ', 'q'])}</pre>"
        case "dl":
            return f"<dl><dt>{inner(True)}<dd>{inner()}</dl>"
        case "block":
            tag = rng.choice(["div", "section", "h2", "form", "fieldset"])
            return f"<{tag}>{inner()}</{tag}>"
        case _:
            return rng.choice(_TEXTS)


def test_outer_text_equals_chromiums_on_random_markup(full_size: bool):
    seed = 20231
    print(f"seed {seed}")
    rng = random.Random(seed)
    pages = [f"<div id=target>{random_markup(rng)}</div>" for _ in range(20_000 if full_size else 2_000)]
    with chromium_page() as chromium:
        in_chromium = chromium.run(_READ_ALL, pages)
    ours = [read(page) for page in pages]
    assert [(p, c, o) for p, c, o in zip(pages, in_chromium, ours, strict=True) if c != o][:3] == []


def read(page: str) -> str:
    target = LexborHTMLParser("<!doctype html><body>" + page).css_first("#target")
    assert target is not None
    return outer_text(target)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div id=target hidden>a <b>x</b></div>", "a x"),
        ("<div hidden><p id=target>a<br>b</p></div>", "ab"),
        ("<details><summary>s</summary><p id=target>folded</p></details>", ""),
        ("<details><summary>s <i id=target>folded</i></summary></details>", "folded"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr id=target><td>c</td><td hidden>x</td><td>d</td></tr></table>",
            "c\td",
        ),
        ("<pre>a <b id=target> b\n c</b></pre>", " b\n c"),
    ],
    ids=["hidden", "in a hidden block", "in closed details", "in a summary", "row", "in preformatted text"],
)
def test_outer_text_depends_on_what_is_around_the_element(markup: str, text: str):
    assert read(markup) == text
