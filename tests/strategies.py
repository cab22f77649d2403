"""Hypothesis strategies shared by tests: actions, and HTML pages that keep the house rules."""

from __future__ import annotations

from hypothesis import strategies as st

from webarena_gym.actions import (
    Back,
    Check,
    Click,
    CloseTab,
    Fill,
    FocusTab,
    Forward,
    Goto,
    NewTab,
    Noop,
    Press,
    Scroll,
    Select,
    Stop,
    Uncheck,
)  # fmt: skip

ids = st.integers(0, 10**9 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)

actions = st.one_of(
    st.builds(Click, ids),
    st.builds(Fill, ids, texts, st.booleans()),
    st.builds(Select, ids, st.lists(texts, min_size=0, max_size=3).map(tuple)),
    st.builds(Check, ids),
    st.builds(Uncheck, ids),
    st.builds(Press, texts, st.none() | ids),
    st.builds(Goto, texts),
    st.builds(Back),
    st.builds(Forward),
    st.builds(Scroll, st.sampled_from(["down", "up"])),
    st.builds(NewTab),
    st.builds(FocusTab, st.integers(0, 9999)),
    st.builds(CloseTab),
    st.builds(Noop),
    st.builds(Stop, texts),
)

words = st.text(st.sampled_from("ab Z9é中🎉\u00a0\u200b\u00ad\n\t\"'&<>$."), min_size=1, max_size=12)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def inline(draw: st.DrawFn) -> str:
    kind = draw(
        st.sampled_from(["text", "text", "b", "a", "button", "img", "br", "input", "select", "label", "bare-a"])
    )
    word = _escaped(draw(words))
    match kind:
        case "text":
            return word
        case "b":
            return f"<b>{word}</b>"
        case "a":
            return f'<a href="/x">{word}<i>{_escaped(draw(words))}</i></a>'
        case "bare-a":
            return f"<a>{word}</a>"
        case "button":
            return f'<button type="button"{draw(st.sampled_from(["", " disabled"]))}>{word}</button>'
        case "img":
            return f'<img alt="{word}">'
        case "br":
            return "<br>"
        case "input":
            kind = draw(
                st.sampled_from(
                    ["text", "checkbox", "radio", "number", "search", "password", "email", "submit", "file"]
                )
            )
            value = "" if kind == "file" else f' value="{"7" if kind == "number" else word}"'
            # Two checked radio buttons of one group are no HTML; the linter refuses them.
            flag = draw(st.sampled_from(["", " checked" if kind == "checkbox" else " disabled", " required"]))
            return f'<input type="{kind}" name="n"{value} aria-label="{word}"{flag}>'
        case "select":
            options = "".join(f"<option>{_escaped(text)}</option>" for text in draw(st.lists(words, max_size=3)))
            return f'<select aria-label="{word}"{draw(st.sampled_from(["", " multiple"]))}>{options}</select>'
        case _:
            return f'<label>{word} <input type="{draw(st.sampled_from(["text", "checkbox"]))}"></label>'


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> str:
    tags = ["p", "div", "li", "h2", "section", "nav", "table", "ul", "dl", "pre", "details", "hidden", "form", "aside"]
    tag = draw(st.sampled_from(tags if depth else ["p", "h3", "pre"]))
    children = st.lists(blocks(depth - 1) if depth else inline(), max_size=3).map("".join)
    content = "".join(draw(st.lists(inline(), max_size=4)))
    match tag:
        case "p" | "h2" | "h3":
            return f"<{tag}>{content}</{tag}>"
        case "pre":
            return f"<pre>{_escaped(draw(words))}\n{_escaped(draw(words))}</pre>"
        case "table":
            cells = draw(st.lists(children, min_size=1, max_size=3))
            return "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr></table>"
        case "ul":
            return f"<ul><li>{content}</li><li>{draw(children)}</li></ul>"
        case "dl":
            return f"<dl><dt>{content}</dt><dd>{draw(children)}</dd></dl>"
        case "details":
            return f"<details{draw(st.sampled_from(['', ' open']))}><summary>S</summary>{draw(children)}</details>"
        case "hidden":
            return f"<div hidden>{draw(children)}</div>"
        case "form":
            return f'<form action="/x" autocomplete="off" novalidate>{content}</form>'
        case "section" | "nav" | "aside":
            return f'<{tag} aria-label="{_escaped(draw(words))}">{draw(children)}{content}</{tag}>'
        case _:
            return f"<{tag}>{content}{draw(children)}</{tag}>"


pages = st.lists(blocks(), min_size=1, max_size=5).map(
    lambda parts: (
        f"<!doctype html><html><head><meta charset=utf-8><title>t</title></head><body>{''.join(parts)}</body></html>"
    )
)
