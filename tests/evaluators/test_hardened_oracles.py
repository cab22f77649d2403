"""The scripted solutions under ``hardened``: accepted as they are, and rejected with a page as answer or a change beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webarena_gym.actions import Stop, parse_action
from webarena_gym.env import WebArenaEnv
from webarena_gym.evaluators import Evaluator, build_evaluator, hardened_table
from webarena_gym.observation import render_lines
from webarena_gym.oracle_policy import OraclePolicy
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS
from webarena_gym.tasks.official import load_official_tasks
from webarena_gym.tasks.oracles import load_oracles
from webarena_gym.tasks.schema import Task
from webarena_gym.types import EvalResult, Outcome, SeenPage

from .bystanders import BYSTANDERS

SOLUTIONS = load_oracles().solutions
ADDRESSES = {PLACEHOLDERS[name]: url for name, url in BASE_URLS.items()}
FEW_WORDS = 20  # a page of fewer, such as a picture by itself, is no dump
# The tasks of one site that has bystanders; which sites those are, test_every_hardened_site_has_bystanders says.
SITE_OF = {
    int(task.task_id): task.sites[0]
    for task in load_official_tasks()
    if task.task_id in SOLUTIONS and len(task.sites) == 1 and task.sites[0] in BYSTANDERS
}


class Ended(NamedTuple):
    """A solved task as it stood before the stop."""

    task: Task
    answer: str
    outcome: Outcome
    connection: Any

    def judged(
        self, answer: str | None = None, *, scoring: str = "hardened", seen: Sequence[SeenPage] | None = None
    ) -> EvalResult:
        ended = replace(self.outcome, answer=self.answer if answer is None else answer)
        ended = ended if seen is None else replace(ended, seen=tuple(seen))
        return self.evaluator(scoring).evaluate(ended)

    def evaluator(self, scoring: str) -> Evaluator:
        return build_evaluator(self.task, scoring=scoring, base_urls=ADDRESSES)

    def judged_after(self, sql: str) -> EvalResult:
        self.connection.execute("SAVEPOINT before")
        try:
            self.connection.execute(sql)
            return self.judged()
        finally:
            self.connection.execute("ROLLBACK TO before")


@pytest.fixture(scope="module")
def envs(cache_dir: Path) -> Iterator[Callable[[int], Ended]]:
    """``play(task_id)``: the task solved up to its stop; the last one stays solved until another is asked for."""
    made: dict[str, WebArenaEnv] = {}
    last: list[Ended] = []

    def play(task_id: int) -> Ended:
        if not last or last[0].task.task_id != task_id:
            site = SITE_OF[task_id]
            if site not in made:
                made[site] = WebArenaEnv(site, scoring="hardened", cache_dir=cache_dir)
            last[:] = [solved(made[site], task_id)]
        return last[0]

    yield play
    for env in made.values():
        env.close()


def solved(env: WebArenaEnv, task_id: int) -> Ended:
    observation, _ = env.reset(options={"task_id": task_id})
    policy, seen = OraclePolicy(SOLUTIONS[task_id]), dict[SeenPage, None]()
    while True:
        page = env.engine.page()
        seen[SeenPage(page.url, "\n".join(render_lines(page.nodes)))] = None
        action = parse_action(text := policy.act(observation))
        if isinstance(action, Stop):
            break
        observation, *_ = env.step(text)
    outcome = Outcome(None, env.engine.document(), env.engine.client(), (), env.world.changes, tuple(seen))
    return Ended(env.task, action.answer, outcome, env.world.store(env.task.sites[0]).connection)


@pytest.fixture(params=SITE_OF)
def ended(request: pytest.FixtureRequest, envs: Callable[[int], Ended]) -> Ended:
    return envs(request.param)


def test_every_hardened_site_has_bystanders():
    tables = Path(hardened_table.__file__).parent.glob("hardened_*.json")
    assert {path.stem.removeprefix("hardened_") for path in tables} == set(BYSTANDERS)


def failed(result: EvalResult) -> set[str]:
    return {check.kind for check in result.checks if not check.passed}


def test_a_solution_is_accepted_but_not_with_a_page_as_its_answer_or_a_change_beside_it(ended: Ended, full_size: bool):
    """At the small size with the last page, and with a few of the changes, drawn by the task's number."""
    assert ended.judged().success, ended.judged()
    pages = [page.text for page in ended.outcome.seen if len(page.text.split()) > FEW_WORDS]
    pages = pages if full_size else pages[-1:]
    for dumped in (*pages, "\n".join(pages), *(f"{ended.answer}\n{page}" for page in pages)):
        assert not ended.judged(dumped).success
    task_id = int(ended.task.task_id)
    bystanders = sorted(BYSTANDERS[SITE_OF[task_id]].items())
    drawn = bystanders if full_size else Random(task_id).sample(bystanders, 3)
    assert {name for name, sql in drawn if ended.judged_after(sql).success} == set()
    assert ended.judged().success


OPENINGS = ["", "Sure! ", "Here is what I found: ", "The answer is ", "Thanks for waiting. "]
CLOSINGS = [
    "",
    ".",
    " Let me know if you need anything else.",
    " I hope that this helps!",
    " Have a nice day, and thank you.",
]


def test_polite_words_make_no_difference(ended: Ended):
    for opening, closing in zip(OPENINGS, CLOSINGS, strict=True):
        padded = f"{opening}{ended.answer}{closing}"
        assert ended.judged(padded).success == ended.judged(padded, scoring="lite").success, padded


@pytest.mark.parametrize(
    ("task_id", "pattern", "least"),
    [(4, r"^Review by (.+)$", 3), (93, r"^Review by (.+)$", 3), (95, r"^Review by (.+)$", 3), (43, r'^## .* link ".+ / (.+)"$', 10),
     (73, r"^#### (?!Commits)(.+)$", 3), (75, r"^#### (?!Commits).+ (\S+)$", 2), (81, r'@([\w.-]+)" \|', 1),
     (13, r"[AP]M \| ([^|]+?) \|", 20), (70, r"[AP]M \| ([^|]+?) \|", 20)],
)  # fmt: skip
def test_naming_another_of_the_pages_is_rejected(envs: Callable[[int], Ended], task_id: int, pattern: str, least: int):
    ended = envs(task_id)
    shown = {name for page in ended.outcome.seen for name in re.findall(pattern, page.text, flags=re.M)}
    others = sorted(name for name in shown if not re.search(rf"\b{re.escape(name)}(?=,|$)", ended.answer))
    assert len(others) >= least
    for answer in (*(f"{ended.answer}, {name}" for name in others), " ".join([ended.answer, *others[:10]])):
        assert ended.judged(answer, scoring="lite").success
        assert failed(ended.judged(answer)) == {"hardened: other names"}, answer


@pytest.mark.parametrize(
    ("task_id", "pattern"),
    [(31, r"\$(\d+\.\d\d)"), (46, r"\$([\d,]+\.\d\d)"), (55, r"\$(\d+\.\d\d)"), (76, r"\$([\d,]+\.\d\d)"),
     (78, r"\$([\d,]+\.\d\d)"), (36, r"\$(\d+\.\d\d)"), (94, r"(\d+)%"), (56, r"^(\d{9}) "),
     (21, r"\$([\d,]+\.\d\d)"), (47, r"\$([\d,]+\.\d\d)")],
)  # fmt: skip
def test_naming_another_number_of_the_pages_is_rejected(envs: Callable[[int], Ended], task_id: int, pattern: str):
    ended = envs(task_id)
    shown = {number for page in ended.outcome.seen for number in re.findall(pattern, page.text, flags=re.M)}
    known = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", f"{ended.answer} {ended.task.intent}")}
    # Beside the answer, "65% of 100, 20 Reviews", a number is a detail of it.
    lines = [
        line
        for page in ended.outcome.seen
        for line in page.text.splitlines()
        if re.search(rf"\b{re.escape(ended.answer)}\b", line)
    ]
    known |= {float(number) for line in lines for number in re.findall(r"\d+(?:\.\d+)?", line)}
    others = sorted(number for number in shown if float(number.replace(",", "")) not in known)
    assert len(others) >= 2
    for answer in (*(f"{ended.answer} or {number}" for number in others), f"{ended.answer}: {', '.join(others)}"):
        assert ended.judged(answer, scoring="lite").success
        assert not ended.judged(answer).success, answer


def test_all_numbers_of_a_page_are_no_answer_though_none_is_of_its_kind(envs: Callable[[int], Ended]):
    """The range is one price, which every product of the page has; the rest are ratings, reviews and models of telephones."""
    ended = envs(55)
    numbers = "5, 51, 73%, 3, $9.99, 11, 60%, 2, $9.99, 30, 21, 360, 87%, 12, 90%, 14"
    assert ended.judged(numbers, scoring="lite").success
    assert failed(ended.judged(numbers)) == {"hardened: other values"}
    assert ended.judged("All 5 of them (60% to 90%, for models 11 and 12) cost $9.99").success


@pytest.mark.parametrize("task_id", [2, 10, 17, 27, 34, 36, 44, 45, 49, 51, 54, 56, 59, 74, 80, 86, 114, 162])
def test_an_answer_given_without_a_look_is_rejected(envs: Callable[[int], Ended], task_id: int):
    ended = envs(task_id)
    assert ended.judged(scoring="lite", seen=ended.outcome.seen[:1]).success
    assert failed(ended.judged(seen=ended.outcome.seen[:1])) == {"hardened: looked"}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_prefix_of_a_page_with_the_answer_behind_it_is_accepted(envs: Callable[[int], Ended], data: st.DataObject):
    """From a dozen words of a page on, an answer to a question about one value is a dump."""
    ended = envs(46)
    words = " ".join(page.text for page in ended.outcome.seen).split()
    start = data.draw(st.integers(0, len(words) - 30))
    length = data.draw(st.integers(30, 200))
    assert not ended.judged(" ".join([*words[start : start + length], "65.32"])).success
