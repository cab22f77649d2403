"""What oracles see of a page: the parts they scrolled to, until another page opens."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from webarena_gym.tasks.oracles.screen import OracleError, Screen


def observation(body: str, part: int = 1, parts: int = 1, url: str = "http://a.test/") -> str:
    paging = f'page {part}/{parts} (scroll("down") or scroll("up") shows the rest)\n' if parts > 1 else ""
    return f"goal: Buy it for $5\nstep 1/30\ntitle: Shop\nurl: {url}\n{paging}\n{body}"


def run(steps: Generator[str, None, Any], screen: Screen, *observations: str) -> tuple[list[str], Any]:
    """The actions of ``steps``, each answered by the next observation, and what they return."""
    actions, left = [], list(observations)
    while True:
        try:
            actions.append(next(steps))
        except StopIteration as end:
            return actions, end.value
        if left:
            screen.update(left.pop(0))


def seeing(*observations: str) -> Screen:
    screen = Screen()
    for one in observations:
        screen.update(one)
    return screen


FIRST, SECOND = observation('Hats\n[1] link "Red hat"', 1, 2), observation('Coats\n[2] link "Red coat"', 2, 2)


def test_parts_that_were_scrolled_past_are_remembered() -> None:
    screen = seeing(FIRST, SECOND)
    assert [(e.name, e.line) for e in screen.all("link")] == [("Red hat", 1), ("Red coat", 3)]
    assert screen.lines[2] == "Coats"


def test_another_page_forgets_them() -> None:
    assert [e.name for e in seeing(FIRST, SECOND, observation('[1] link "Blue hat"')).elements] == ["Blue hat"]
    assert seeing(FIRST, SECOND, observation("Shoes", 2, 2, "http://a.test/shoes")).lines == ["Shoes"]


def test_read_all_scrolls_to_the_end() -> None:
    screen = seeing(FIRST)
    actions, lines = run(screen.read_all(), screen, SECOND)
    assert (actions, lines) == (['scroll("down")'], ["Hats", '[1] link "Red hat"', "Coats", '[2] link "Red coat"'])


def test_follow_scrolls_until_the_element_shows() -> None:
    screen = seeing(FIRST)
    assert run(screen.follow("link", "Red coat"), screen, SECOND)[0] == ['scroll("down")', "click(2)"]


def test_an_exact_name_goes_before_one_that_holds_it() -> None:
    screen = seeing(observation('[1] link "Edit Address" [2] link "Edit"'))
    assert screen.click("link", "Edit") == "click(2)"


def test_return_to_goes_back_and_else_to_the_address() -> None:
    there, elsewhere, home = (observation("", url=f"http://a.test/{path}") for path in ("list", "item", ""))
    screen = seeing(elsewhere)
    assert run(screen.return_to("http://a.test/list"), screen, there)[0] == ["back()"]
    screen = seeing(elsewhere)
    assert run(screen.return_to("http://a.test/list"), screen, home, there)[0] == [
        "back()",
        'goto("http://a.test/list")',
    ]


def test_what_is_missing_is_named() -> None:
    screen = seeing(observation('[1] link "Cart"'))
    with pytest.raises(OracleError, match=r"no link 'Wish List' on http://a.test/; there are \['Cart'\]"):
        screen.click("link", "Wish List")
    with pytest.raises(OracleError, match="nothing in the intent"):
        screen.find_in_intent(r"Rent it for \$(\d+)")
