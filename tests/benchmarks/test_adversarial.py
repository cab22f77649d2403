"""Attacks on tasks: what fools the official rules gets nothing under hardened scoring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from webarena_gym.benchmarks.adversarial import Verdict, listed, measure, report
from webarena_gym.benchmarks.adversarial_attacks import ATTACKS, Field, press_all

from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import load_oracles

# By site: a question, an address to end on, a change to make; the attacks do not ask for more kinds.
FEW = {"shopping": (46, 65, 109), "gitlab": (49, 39, 96)}


@pytest.fixture(scope="module", params=FEW)
def verdicts(request: pytest.FixtureRequest, cache_dir: Path, full_size: bool) -> list[Verdict]:
    """Every attack on a few tasks of a site, or on all of them at full size."""
    tasks = None if full_size else FEW[request.param]
    return list(measure(request.param, tasks=tasks, cache_dir=cache_dir))


def test_nothing_scores_under_hardened_that_is_not_listed(verdicts: list[Verdict]) -> None:
    assert [one for one in verdicts if one.unlisted] == []
    assert {one.attack for one in verdicts} == set(ATTACKS)


def test_the_official_rules_are_fooled(verdicts: list[Verdict]) -> None:
    """A page dumped with the answer on it, a narrowed list, a second change: each scores under lite on some task."""
    fooled = {one.attack for one in verdicts if one.lite}
    assert {"dumped", "edited", "flooded", "everything"} <= fooled


def test_every_site_with_solutions_is_attacked_at_full_size(cache_dir: Path, full_size: bool) -> None:
    tasks = None if full_size else [FEW["gitlab"][0], 147]  # one of a single site, one of two
    found = list(measure(tasks=tasks, attacks=["blurted", "everything"], cache_dir=cache_dir))
    assert [one for one in found if one.unlisted] == []
    assert {one.task_id for one in found} == (set(load_oracles().solutions) if tasks is None else set(tasks))


@pytest.fixture(scope="module")
def field(cache_dir: Path) -> Iterator[Field]:
    env = WebArenaEnv("gitlab", scoring="hardened", max_steps=1000, cache_dir=cache_dir)
    yield Field(env)
    env.close()


def test_a_try_is_judged_by_each_scoring_without_playing_again(field: Field) -> None:
    place = field.solved(81)
    assert place.answer == "yjlou"
    right, padded = place.attempt("yjlou", "right"), place.attempt("byteblaze, yjlou", "with one's own name")
    assert [right.scores(scoring) for scoring in ("lite", "strict", "hardened")] == [True, False, True]
    assert [padded.scores(scoring) for scoring in ("lite", "hardened")] == [True, False]


def test_an_errand_is_run_as_if_it_was_the_goal(field: Field) -> None:
    place = field.begin(34)
    assert place.follow(field.solution(105), field.task(105).intent)
    assert [key[:3] for key in place.trace()] == [("gitlab", "person", "updated")]


def test_every_button_of_a_page_is_pressed_and_the_page_shows_again(field: Field) -> None:
    place = field.begin(96)
    place.act('goto("http://gitlab.test/byteblaze/timeit")')
    press_all(place)
    assert place.url == "http://gitlab.test/byteblaze/timeit"
    assert ("gitlab", "star", "inserted") in {key[:3] for key in place.trace()}


def test_a_solution_on_pages_that_it_was_not_written_for_ends_quietly(field: Field) -> None:
    place = field.begin(96)
    place.act('goto("http://gitlab.test/help")')
    assert place.follow(field.solution(96)) is False


def test_an_attack_that_scores_makes_the_command_fail_unless_it_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    scores = Verdict("blurted", 34, 17, lite="the answer '0' at once", hardened="the answer '0' at once")
    assert report([scores]) == 1
    assert "task 34, blurted: scores with the answer '0' at once" in capsys.readouterr().out
    assert report([Verdict("blurted", 34, 17, scores.lite, scores.hardened, listed="zero is right")]) == 0
    assert "1 of them score under lite by some attack; 0 attacks score under hardened" in capsys.readouterr().out


def test_the_list_names_attacks_and_official_tasks() -> None:
    official = {str(task.task_id) for task in load_official_tasks()}
    assert set(listed()) <= set(ATTACKS)
    assert all(set(tasks) <= official and all(tasks.values()) for tasks in listed().values())


def test_what_cannot_be_attacked_is_refused(cache_dir: Path) -> None:
    with pytest.raises(ValueError, match="no attack bribed; there are blurted, dumped"):
        list(measure("gitlab", attacks=["bribed"], cache_dir=cache_dir))
    with pytest.raises(ValueError, match="no solved task among these"):
        list(measure("gitlab", tasks=[46], cache_dir=cache_dir))
