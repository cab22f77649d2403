"""The 44 expressions among the official tasks' locators, run as real JavaScript and by our parser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.evaluators.chromium import ChromiumPage, chromium_page
from webarena_gym.evaluators.dom import Document
from webarena_gym.evaluators.locator import parse_locator
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.types import LiveDocument

PAGES = sorted(Path(__file__).parent.joinpath("pages").glob("*.html"))
LOCATORS = sorted({check.locator for task in load_official_tasks() for check in task.spec.html} - {""})
EXPRESSIONS = [locator for locator in LOCATORS if not locator.startswith("func:")]

# What a user changes without submitting: unticks, selects the other option, types.
_USE_CONTROLS = """() => { for (const e of document.querySelectorAll('input, select, textarea')) {
    if (e.type === 'checkbox') e.checked = !e.checked;
    else if (e.tagName === 'SELECT') e.selectedIndex = e.options.length - 1;
    else if (e.type !== 'hidden') e.value = '7 ' + e.value; } }"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[ChromiumPage]:
    with chromium_page() as page:
        yield page


def as_upstream_reads(chromium: ChromiumPage, locator: str) -> str:
    try:
        return str(chromium.run(f"() => {locator}")) or ""
    except Exception:  # as upstream: whatever a locator raises, it found nothing
        return ""


def test_the_tasks_use_47_locators_of_which_three_name_a_helper():
    assert (len(LOCATORS), len(EXPRESSIONS)) == (47, 44)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
@pytest.mark.parametrize("used", [False, True], ids=["as served", "with controls used"])
def test_every_locator_reads_what_chromium_reads(chromium: ChromiumPage, path: Path, used: bool):
    chromium.show(path.read_text("utf-8"))
    if used:
        chromium.run(_USE_CONTROLS)
    assert differences(chromium, Document(chromium.live())) == {}
    if not used:  # a page that an evaluator fetches has no live state: its controls hold what the HTML says
        assert differences(chromium, Document(LiveDocument("http://test/", path.read_text("utf-8")))) == {}


def differences(chromium: ChromiumPage, document: Document) -> dict[str, tuple[str, str]]:
    return {
        locator: (in_chromium, ours)
        for locator in EXPRESSIONS
        if (in_chromium := as_upstream_reads(chromium, locator)) != (ours := parse_locator(locator).read(document))
    }


def test_every_locator_finds_something_on_one_of_the_pages():
    documents = [Document(LiveDocument("http://test/", path.read_text("utf-8"))) for path in PAGES]
    blind = [source for source in EXPRESSIONS if not any(map(parse_locator(source).read, documents))]
    # Only the empty map field; the other pages' values stand in their HTML.
    assert blind == ["document.querySelector('[name=\"route_to\"').value"]
