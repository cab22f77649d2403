"""Links to the sites, the accounts, the calculator and the scratch pad."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sites.reader import Reader
from webarena_gym.actions import Goto
from webarena_gym.sites.homepage.calculator import MAX_CHARS, ExpressionError, calculate
from webarena_gym.sites.registry import BASE_URLS


def test_the_home_page_links_to_every_site_that_is_there(reader: Reader) -> None:
    assert {"Reddit", "Wikipedia"} <= set(reader.names("link")) and "GitLab" not in reader.names("link")
    assert reader.click("link", "Wikipedia").engine.page().url == BASE_URLS["wikipedia"]


@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("emma.lopez@gmail.com", "Password.123"), ("admin", "admin1234"), ("MarvelsGrantMan136", "test1234"), ("byteblaze", "hello1234"),
    ],
)  # fmt: skip
def test_the_password_page_lists_the_accounts(reader: Reader, user: str, password: str) -> None:
    assert f"{user} | {password}" in reader.open("/password.html").text


def test_the_forum_takes_the_password_that_the_page_names(reader: Reader) -> None:
    row = next(line for line in reader.open("/password.html").text.split("\n") if line.startswith("Reddit | "))
    _, user, password = row.split(" | ")
    reader.open("/").click("link", "Reddit").click("link", "Log in").fill("Username", user).fill("Password", password)
    assert user in reader.click("button", "Log in").text


def test_the_calculator_shows_the_value_of_what_is_typed(reader: Reader) -> None:
    reader.open("/calculator.html").fill("Expression", "(1.5 + 2) * 3").click("button", "Calculate")
    assert "Result: 10.5" in reader.text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2+3*4", "14"), ("(2+3)*4", "20"), ("-2--3", "1"), ("10/4", "2.5"), ("0.1+0.2", "0.3"), ("7 × 6 ÷ 2", "21"), ("1000000*1000000", "1000000000000"),
        ("-0", "0"), ("3.", "3"), (".5", "0.5"), ("8-3-2", "3"), ("64/4/2", "8"),
    ],
)  # fmt: skip
def test_values_are_exact(text: str, value: str) -> None:
    assert calculate(text) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1/0", "divided by zero"), ("0/0", "no number"), ("(1", "not closed"), ("1)", "stands where"), ("2**3", "number is missing"), ("1+", "missing at the end"),
        ("__import__('os')", "no part"), ("1e9", "no part"), ("1 2", "stands where"), ("(" * 100, "too many"), ("1" * 300, str(MAX_CHARS)),
    ],
)  # fmt: skip
def test_what_has_no_value_says_why(text: str, problem: str) -> None:
    with pytest.raises(ExpressionError, match=problem.replace("(", r"\(")):
        calculate(text)


def test_a_problem_is_shown_on_the_page(reader: Reader) -> None:
    assert "nothing can be divided by zero" in reader.open("/calculator.html?expression=1/0").text


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from("+-*")), min_size=1, max_size=5), st.integers(0, 999))
def test_values_agree_with_pythons_exact_fractions(terms: list[tuple[int, str]], last: int) -> None:
    """Up to 999**6 < 10**18 has more digits than are kept, so results are compared to 15."""
    text = "".join(f"{number}{sign}" for number, sign in terms) + str(last)
    expected = eval(text)  # digits and signs drawn above
    assert float(Fraction(calculate(text))) == pytest.approx(expected, rel=1e-14)


@given(st.text(max_size=60))
def test_any_text_has_a_value_or_a_reason_for_none(text: str) -> None:
    try:
        assert calculate(text)
    except ExpressionError as error:
        assert str(error)


def test_notes_are_kept_for_the_visitor_who_wrote_them(reader: Reader) -> None:
    reader.open("/scratchpad.html").fill("Notes", "  two\nlines <b>").click("button", "Save")
    assert reader.url == "/scratchpad.html"
    (note,) = [dict(node.states)["value"] for node in reader.engine.page().nodes if node.role == "textbox"]
    assert note.split() == ["two", "lines", "<b>"]
    assert Reader(reader.world, reader.origin).open("/scratchpad.html").names("textbox") == ["Notes"]
    other = Reader(reader.world, reader.origin).open("/scratchpad.html")
    assert "lines" not in other.text


def test_an_unknown_page_does_not_repeat_what_was_asked_for(reader: Reader) -> None:
    reply = reader.get("/qwertyuiop.html")
    assert reply.status == 404 and "qwertyuiop" not in reply.text


@pytest.mark.parametrize("origin", ["http://homepage.test", "http://wikipedia.test"])
def test_what_browsers_load_by_themselves_is_there_and_no_event(reader: Reader, origin: str) -> None:
    reader.world.events.clear()
    sheet = {"http://homepage.test": "/static/homepage.css", "http://wikipedia.test": "/skin/kiwix.css"}[origin]
    client = reader.engine.client()
    assert {client.get(origin + path).content_type for path in ("/favicon.ico", sheet)} == {"image/svg+xml", "text/css"}
    for path in ("/favicon.ico", sheet, "/"):
        reader.engine.execute(Goto(origin + path))
    assert [event.url for event in reader.world.events] == [f"{origin}/"]
