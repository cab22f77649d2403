"""``webarena-gym bench failures``: the failure rules against 60 labelled episodes.

44 are played on the embedded shop by scripted policies that fail in a known way, 16 are written by hand. A label says what a
person would call the episode, and was given before the rules saw it: by what the policy is for, or by the sentence beside the
hand-written one. Some are hard on purpose (a loop of six actions, a stop after a loop).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from webarena_gym.agents.policy import ActionSample
from webarena_gym.agents.rollout import EpisodeRequest
from webarena_gym.agents.trajectory import Trajectory

from reward_wrappers import MilestoneReward
from webarena_gym.env import WebArenaEnv
from webarena_gym.tasks.oracles import Oracle, Screen, load_oracles

from .episodes import play_episodes
from .failure_analysis import Outcome, outcome_of
from .report import Table
from .result_file import write_result
from .stats import Interval, cohens_kappa, wilson_interval
from .written_episodes import Did, episode

HELP = "check the failure rules against 60 labelled episodes; with --judge, a language model too"

LABELS: tuple[Outcome, ...] = ("success", "wrong stop", "stuck midway", "no reasonable attempt", "other")

MAX_STEPS = 16  # long enough for every loop to show
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
    """An episode and what a person calls it."""

    label: Outcome
    why: str
    trajectory: Trajectory


def played(cache_dir: str | Path | None = None) -> Iterator[Labelled]:
    """What each scripted policy does on each task of the embedded shop."""
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
    """The episodes by hand."""

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


def labelled_episodes(cache_dir: str | Path | None = None) -> list[Labelled]:
    """All 60."""
    return [*played(cache_dir), *written()]


def measure(episodes: Sequence[Labelled]) -> dict[str, Any]:
    """Agreement of the rules with the labels, and what they disagree on, as plain data."""
    pairs = [(e.label, outcome_of(e.trajectory)) for e in episodes]
    counts = Counter(pairs)
    return {
        "episodes": len(pairs),
        "agreement": list(wilson_interval(sum(label == found for label, found in pairs), len(pairs))),
        "kappa": round(cohens_kappa(pairs), 3),
        "counts": {label: {found: counts[label, found] for found in LABELS} for label in LABELS},
        "differing": [
            {"label": e.label, "rules": found, "episode": e.why} for e, (_, found) in zip(episodes, pairs, strict=True) if found != e.label
        ],
    }  # fmt: skip


def agreement_table(found: dict[str, Any]) -> Table:
    """Labels by row, what the rules say by column."""
    return Table(
        caption=f"{found['episodes']} labelled episodes: agreement {Interval(*found['agreement']).percent()}, "
        f"Cohen's kappa {found['kappa']:.2f}",
        columns=["label", *(f"{name} " for name in LABELS)],
        rows=[[label, *(str(found["counts"][label][name]) for name in LABELS)] for label in LABELS],
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--judge", default=None, metavar="MODEL", help="chat:MODEL or llm:MODEL, for a second opinion")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Print the agreement and what differs; 1 below 95%."""
    from rich.console import Console

    from .second_opinion import opinion_table, second_opinion, text_model

    console = Console(width=None if sys.stdout.isatty() else 120)
    judge = text_model(args.judge) if args.judge else None
    episodes = labelled_episodes(args.cache_dir)
    found = measure(episodes)
    console.print(agreement_table(found).to_text())
    for difference in found["differing"]:
        console.print(
            f"{difference['episode']}: {difference['label']}, by the rules {difference['rules']}", markup=False
        )
    if judge is not None:
        opinions = second_opinion([e.trajectory for e in episodes], judge)
        console.print(opinion_table(opinions, judge.name).to_text())
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, found)
    return int(found["agreement"][0] < 0.95)
