"""How a replica's pages are scored against recordings: worked by hand, and on the shop's own pages in Chromium."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import pytest
from webarena_gym.benchmarks import fidelity

SNAPSHOT = """
- banner:
  - link "Skip to Content":
    - /url: "#main"
  - 'heading "It''s \\"new\\"" [level=1]'
- main:
  - text: no chrome
  - textbox "Title *": typed
  - paragraph: neither
"""


def test_an_aria_snapshot_becomes_pairs_in_document_order():
    assert fidelity.snapshot_pairs(SNAPSHOT) == [
        ("banner", ""),
        ("link", "Skip to Content"),
        ("heading", 'It\'s "new"'),
        ("main", ""),
        ("textbox", "Title *"),
    ]


def test_precision_and_recall_are_of_multisets():
    recorded = Counter({("link", "a"): 2, ("link", "b"): 1, ("button", "c"): 1})
    shown = Counter({("link", "a"): 1, ("link", "b"): 3, ("button", "d"): 1})
    # In common: one a and one b. The replica shows 5 elements, the recording 4.
    assert fidelity.compare(recorded, shown) == (2 / 5, 2 / 4)


def test_content_is_dropped_and_what_the_recorder_decides_is_folded():
    book = fidelity.rules()
    pairs = [
        ["image", "Logo"],
        ["combobox", "Show"],
        ["menuitem", "12"],
        ["textbox", "Title *"],
        ["link", "12 Reviews"],
        ["link", "x" * 60],
    ]
    assert fidelity.reduce_pairs(pairs, "shopping", book) == Counter(
        {
            ("img", "logo"): 1,
            ("combobox", "show"): 1,
            ("option", "0"): 1,
            ("textbox", "title"): 1,
            ("link", "0 reviews"): 1,
        }
    )


def recording(page_type: str, url: str, pairs: list[tuple[str, str]], *, complete: bool = True) -> dict[str, object]:
    return {
        "site": "shopping",
        "page_type": page_type,
        "url": url,
        "elements": [list(p) for p in pairs],
        "complete": complete,
    }


@pytest.fixture(scope="module")
def shown(cache_dir: Path) -> list[tuple[str, str]]:
    """What the shop's search terms page shows."""
    replica = fidelity.Replica("shopping", fidelity.rules(), str(cache_dir))
    try:
        pairs = replica.pairs("search_terms", "/search/term/popular/")
        assert pairs is not None
        assert replica.pairs("nothing", "/no-such-page-at-all") is None
        return pairs
    finally:
        replica.close()


def test_pages_are_scored_by_type_and_a_page_that_is_missing_counts_nothing(
    shown: list[tuple[str, str]], cache_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    more = [*shown, ("button", "Something That The Replica Lacks"), ("button", "And Another")]
    recordings = [
        recording("search_terms", "/search/term/popular/", more),
        recording("unheard_of", "/no-such-page-at-all", shown),
        recording("terms_again", "/search/term/popular/", shown[: len(shown) // 2], complete=False),
    ]
    scores = {score.page_type: score for score in fidelity.measure("shopping", recordings, cache_dir=str(cache_dir))}
    count = fidelity.reduce_pairs(shown, "shopping", fidelity.rules()).total()
    assert scores["search_terms"].score == pytest.approx(
        2 * count / (2 * count + 2)
    )  # all shown is right, two are missing
    assert scores["search_terms"].missing == (("button", "something that the replica lacks"), ("button", "and another"))
    assert scores["unheard_of"].score == 0.0
    assert scores["terms_again"].score == 1.0  # what lies beyond a partial recording is no error
    file = tmp_path / "recordings.jsonl"
    file.write_text("\n".join(map(json.dumps, recordings)) + "\n")
    parser = argparse.ArgumentParser()
    fidelity.add_arguments(parser)
    assert (
        fidelity.run(
            parser.parse_args(["--site", "shopping", "--recordings", str(file), "--cache-dir", str(cache_dir)])
        )
        == 0
    )
    mean = sum(score.score for score in scores.values()) / 3
    assert capsys.readouterr().out.splitlines()[-1] == f"fidelity shopping: mean {mean:.3f} over 3 page types"
