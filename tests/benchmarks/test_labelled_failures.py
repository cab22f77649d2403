"""The failure rules against 60 labelled episodes: 44 that scripted bad policies play on the embedded shop, 16 written by hand.

A label says what a person would call the episode, and was given before the rules saw it: by what the policy is for, or by
the sentence beside the hand-written one. Some are hard on purpose (a loop of six actions, a stop after a loop).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from webarena_gym.agents.policy import ActionSample
from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.agents.trajectory import Trajectory
from webarena_gym.benchmarks.episodes import play_episodes
from webarena_gym.benchmarks.failure_analysis import Outcome, outcome_of

from reward_wrappers import MilestoneReward
from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.oracles import Oracle, Screen, load_oracles

from .fakes import Did, episode

MAX_STEPS = 16
TASKS = (46, 36, 65, 104)  # an answer, a long look-up, a page, a change


class Scripted:
    """Plays an oracle-like generator, anew for each episode."""

    def __init__(self, script: Callable[[int], Oracle], task_id: int) -> None:
        self._script, self._task_id = script, task_id

    def sample(self, states, randoms, *, temperature: float = 1.0) -> list[ActionSample]:
        (state,) = states
        if not state.actions:
            self._screen = Screen()
        self._screen.update(state.observation)
        if not state.actions:
            self._steps = self._script(self._task_id)(self._screen)
        return [ActionSample(next(self._steps), None)]


def right(task_id: int) -> Oracle:
    return load_oracles().solutions[task_id]


def stops_at_once(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        yield 'stop("done")'

    return act


def stops_half_way(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        for number, action in enumerate(right(task_id)(screen)):
            if number == 1 or action.startswith("stop"):
                break
            yield action
        yield 'stop("I think that is all")'

    return act


def answers_another_entity(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        yield 'goto("/customer/account/")'
        yield 'stop("the second one, 17.77")'

    return act


def clicks_the_same_link(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        while True:
            yield screen.click("link", "My Account")

    return act


def goes_back_and_forth(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        while True:
            yield 'goto("/customer/account/")'
            yield 'goto("/contact/")'

    return act


def searches_in_circles(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        while True:
            for word in ("tea", "lamp", "sofa"):
                yield screen.fill("combobox", "Search", word, enter=True)

    return act


def presses_what_is_not_there(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        while True:
            yield "click(987654)"

    return act


def writes_prose(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        for number in range(1000):
            yield f"I should now look at item {number} more closely."

    return act


def types_without_sending(task_id: int) -> Oracle:
    def act(screen: Screen) -> Iterator[str]:
        for number in range(1000):
            yield screen.fill("combobox", "Search", f"word {number}")

    return act


def wanders(task_id: int) -> Oracle:
    """Opens one product after another, none of them twice."""

    def act(screen: Screen) -> Iterator[str]:
        walk = random.Random(task_id)
        pages = [
            f'goto("/catalogsearch/result/?q={word}")'
            for word in ("tea", "lamp", "sofa", "rug", "pen", "fan", "hat", "cup")
        ]
        walk.shuffle(pages)
        for number, page in enumerate(pages * 9):
            yield page.replace('")', f'&product_list_limit=12&p={1 + number // len(pages)}")')
            links = screen.all("link")
            yield f"click({walk.choice(links[5:]).id})"

    return act


SCRIPTS: tuple[tuple[Outcome, Callable[[int], Oracle]], ...] = (
    ("success", right),
    ("wrong stop", stops_at_once),
    ("wrong stop", stops_half_way),
    ("wrong stop", answers_another_entity),
    ("stuck midway", clicks_the_same_link),
    ("stuck midway", goes_back_and_forth),
    ("stuck midway", searches_in_circles),
    ("stuck midway", presses_what_is_not_there),
    ("no reasonable attempt", writes_prose),
    ("no reasonable attempt", types_without_sending),
    ("other", wanders),
)


class Labelled(NamedTuple):
    label: Outcome
    why: str
    trajectory: Trajectory


def played(cache_dir) -> Iterator[Labelled]:
    env = WebArenaEnv("shopping", max_steps=MAX_STEPS, cache_dir=cache_dir)
    long = WebArenaEnv("shopping", max_steps=30, cache_dir=cache_dir)
    for label, script in SCRIPTS:
        for task_id in TASKS:
            shaped = MilestoneReward(long if script is right else env, scheme="bonus")
            request = EpisodeRequest(1, 1, task_id)
            for found in play_episodes(shaped, Scripted(script, task_id), [request], keep_pages=False):
                yield Labelled(label, f"{script.__name__} on {task_id}", found.trajectory)
    env.close()
    long.close()


PAGES = [Did("click(1)", f"/p{n}") for n in range(7)]
NAMES = ("list opened", "answer right")
SEEN = Did("click(2)", "/orders", milestones={"list opened": True})


def written() -> Iterator[Labelled]:
    def add(label: Outcome, why: str, deeds: list[Did], **facts) -> Labelled:
        return Labelled(label, why, episode(deeds, milestones=NAMES, **facts))

    yield add("wrong stop", "right page, answer with a slip", [SEEN, Did('stop("65.23")', "/orders")])
    yield add("wrong stop", "gave up in words", [SEEN, Did('stop("I could not find it")', "/orders")])
    yield add(
        "wrong stop", "went in circles, then answered", [*[Did("click(3)", "/mug")] * 6, Did('stop("5")', "/mug")]
    )
    yield add("wrong stop", "said N/A", [*PAGES, Did('stop("N/A")', "/p6")])
    yield add("stuck midway", "adds the mug again and again", [SEEN, *[Did("click(3)", "/cart")] * 5])
    yield add(
        "stuck midway", "opens and leaves the cart", [SEEN, *[Did("click(2)", "/cart"), Did("back()", "/mug")] * 4]
    )
    yield add("stuck midway", "four pages in turn", [Did("click(1)", f"/q{n % 4}") for n in range(14)])
    yield add(
        "stuck midway",
        "scrolls at the end of the page",
        [SEEN, *[Did('scroll("down")', "/orders", error="last part")] * 5],
    )
    yield add(
        "stuck midway", "same failing select", [SEEN, *[Did('select(4, "x")', "/orders", error="no such option")] * 4]
    )
    yield add(
        "stuck midway",
        "six actions in turn: longer than the rules look",
        [Did("click(1)", f"/r{n % 6}") for n in range(24)],
    )
    yield add("no reasonable attempt", "on the right page, reads on and on", [SEEN, *PAGES])
    yield add(
        "no reasonable attempt",
        "three different bad actions",
        [Did(a, "/", error="no") for a in ("dance", "sing()", "click(x)")],
    )
    yield add("no reasonable attempt", "one click without effect", [Did("click(99)", "/", error="no element")])
    yield add("other", "sees many pages, none that matters", PAGES)
    yield add("other", "pages through a list", [Did("click(5)", f"/list?p={n}") for n in range(2, 12)])
    yield add(
        "success", "did it", [SEEN, Did('stop("65.32")', "/orders", milestones={"answer right": True})], success=True
    )


@pytest.fixture(scope="module")
def labelled(cache_dir) -> list[Labelled]:
    return [*played(cache_dir), *written()]


def test_there_are_sixty_of_every_kind(labelled):
    assert len(labelled) == 60
    assert min(sum(e.label == label for e in labelled) for label, _ in SCRIPTS) >= 5


def test_at_least_95_percent_are_classified_as_a_person_would(labelled):
    wrong = [(e.label, outcome_of(e.trajectory), e.why) for e in labelled if outcome_of(e.trajectory) != e.label]
    assert len(wrong) <= 3, wrong  # 57 of 60 are 95%
    print(f"{60 - len(wrong)} of 60 as labelled; not so: {wrong}")
