"""BrowserGym itself on the served sites: its instance check, its logins, and its scorer beside ours.

Collected at full size alone (see conftest.py): it needs the environment that ``make peer`` makes, as ``make test-full`` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from webarena_gym.benchmarks.peer import PeerConfig, PeerSession, peer_session

from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.official import load_official_tasks

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def session(cache_dir: Path) -> Iterator[PeerSession]:
    config = PeerConfig(sample=True, peer_python=ROOT / ".venv-peer" / "bin" / "python", cache_dir=cache_dir)
    with peer_session(config) as made:
        yield made


def test_its_client_reaches_resets_and_signs_in_to_every_site(session: PeerSession) -> None:
    instance = session.check_instance()
    assert set(instance["reached"]) == set(BASE_URLS) - {"homepage"}
    with_account = {site for site, cookies in instance["cookies"].items() if cookies}
    assert with_account == {"shopping", "shopping_admin", "reddit", "gitlab"}


def test_its_scorer_agrees_with_strict_on_solutions_and_wrong_runs(session: PeerSession) -> None:
    verdicts = list(session.verdicts())
    assert [verdict for verdict in verdicts if not verdict.agrees] == []
    assert {verdict.kind for verdict in verdicts} == {"solution", "nothing", "bare N/A", "wrong answer", "near miss"}
    assert {verdict.sites for verdict in verdicts} == {"+".join(task.sites) for task in load_official_tasks()}
    solved = [verdict for verdict in verdicts if verdict.kind == "solution"]
    assert sum(verdict.theirs for verdict in solved) >= 0.9 * len(solved)
