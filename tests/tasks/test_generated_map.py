"""The map's families: how many and how long, and what their predicates reject beside what test_generated.py says of all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webarena_gym.env import WebArenaEnv
from webarena_gym.oracle_policy import Run, play
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.generated.map import FAMILIES
from webarena_gym.tasks.generated.map_data import landmark, landmark_count
from webarena_gym.tasks.generated.map_ways import _minutes
from webarena_gym.tasks.oracles import Screen, replying

BY_NAME = {family.name: family for family in FAMILIES}


@pytest.fixture(scope="module")
def env(cache_dir: Path) -> Iterator[WebArenaEnv]:
    made = WebArenaEnv("map", tasks=[f"{name}-000007" for name in BY_NAME], cache_dir=cache_dir)
    made.reset()
    yield made
    made.close()


def changed(env: WebArenaEnv, name: str, change: Callable[[str], str]) -> Run:
    """The oracle's run with every action put through ``change``."""
    family = BY_NAME[name]

    def solve(screen: Screen) -> Iterator[str]:
        for action in family.oracle(screen):
            yield change(action)

    return play(env, solve, f"{name}-000007")


def test_there_are_enough_of_all_kinds():
    assert len(FAMILIES) >= 8
    assert {"place_unknown", "way_overseas", "leave_note", "round_trip"} <= BY_NAME.keys()
    assert sum(family.heldout for family in FAMILIES) == 2
    lengths = {family.length for family in FAMILIES}
    assert min(lengths) == 2 and max(lengths) >= 10 and len(lengths) >= 6


def test_a_family_is_as_long_as_it_says(env: WebArenaEnv):
    for family in FAMILIES:
        actions = [play(env, family.oracle, f"{family.name}-{number:06d}").actions for number in (7, 8)]
        assert all(abs(len(taken) - family.length) <= 1 for taken in actions), (family.name, actions)


def test_there_are_many_distinct_training_tasks(env: WebArenaEnv):
    store, total = env.world.store, 0
    for family in FAMILIES:
        count = 0 if family.heldout else family.count(store) * len(family.wordings)
        drawn = [number for number in range(0, count, max(1, count // 40)) if family.split_of(number) == "train"]
        intents = {family.task(number, store, BASE_URLS).intent for number in drawn}
        assert len(intents) >= 0.9 * len(drawn), family.name  # a few shops share a name and a street
        total += count
    assert total > 100_000


def test_landmarks_are_found_by_name(env: WebArenaEnv):
    search = env.world.store("map").search
    found = [landmark(env.world.store, i) for i in range(landmark_count(env.world.store))]
    assert len(found) > 80
    assert [e.name for e in found if search.best(e.name).id != e.id] == []


def test_another_wording_asks_for_the_same(env: WebArenaEnv):
    for family in FAMILIES:
        tasks = [family.task(3 + wording, env.world.store, BASE_URLS) for wording in range(3)]
        assert tasks[0].parameters == tasks[1].parameters == tasks[2].parameters
        assert len({task.intent for task in tasks}) == 3


def test_a_note_with_other_words_or_elsewhere_is_rejected(env: WebArenaEnv):
    def other_words(action: str) -> str:
        return action.replace('")', '!")') if action.startswith("fill") and "enter" not in action else action

    def elsewhere(action: str) -> str:
        return 'goto("http://map.test/search?query=Fenway+Park")' if "enter=True" in action else action

    assert play(env, BY_NAME["leave_note"].oracle, "leave_note-000007").success
    assert not changed(env, "leave_note", other_words).success
    assert not changed(env, "leave_note", elsewhere).success


def test_a_second_note_is_rejected(env: WebArenaEnv):
    run = play(env, BY_NAME["leave_note"].oracle, "leave_note-000007")
    twice = [*run.actions[:-1], 'goto("http://map.test/note/new?lat=40&lon=-79")']

    def solve(screen: Screen) -> Iterator[str]:
        yield from twice
        yield screen.fill("textbox", "Note", "And this")
        yield screen.click("button", "Add Note")
        yield 'stop("")'

    assert run.success and not play(env, solve, "leave_note-000007").success


def test_the_way_by_another_engine_is_rejected(env: WebArenaEnv):
    number = next(n for n in range(0, 60, 3) if env_task(env, n).parameters["mode"] == "on foot")
    family = BY_NAME["show_way"]

    def solve(screen: Screen) -> Iterator[str]:
        for action in family.oracle(screen):
            yield action.replace("Foot (OSRM)", "Bicycle (OSRM)")

    assert play(env, family.oracle, f"show_way-{number:06d}").success
    assert not play(env, solve, f"show_way-{number:06d}").success


def env_task(env: WebArenaEnv, number: int):
    return BY_NAME["show_way"].task(number, env.world.store, BASE_URLS)


@pytest.mark.parametrize(
    "name", ["place_postcode", "place_phone", "town_population", "way_distance", "way_time", "time_saved", "round_trip"]
)
def test_an_answer_one_off_is_rejected(env: WebArenaEnv, name: str):
    family = BY_NAME[name]
    right = play(env, family.oracle, f"{name}-000007").actions[-1]
    digit = max(i for i, letter in enumerate(right) if letter.isdigit())
    wrong = f"{right[:digit]}{(int(right[digit]) + 1) % 10}{right[digit + 1 :]}"

    def solve(screen: Screen) -> Iterator[str]:
        for action in family.oracle(screen):
            yield wrong if action.startswith("stop") else action

    assert not play(env, solve, f"{name}-000007").success


@pytest.mark.parametrize("name", ["place_unknown", "way_overseas"])
def test_na_without_a_look_is_rejected(env: WebArenaEnv, name: str):
    assert not play(env, replying("N/A"), f"{name}-000007").success


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1h 45min", 105), ("105 minutes", 105), ("105", 105), ("1:45", 105), ("It takes 2 hours.", 120), ("12 hours, 3 min", 723),
     ("13 min or 14 min", None), ("soon", None), ("", None), ("1h 45min by car, 2h on foot", None)],
)  # fmt: skip
def test_durations_are_read_in_usual_forms(text: str, minutes: int | None):
    assert _minutes(text) == minutes
