"""The scripted solutions under ``hardened``: accepted as they are, and rejected with a page as answer or a change beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webarena_gym.actions import Stop, parse_action
from webarena_gym.env import WebArenaEnv
from webarena_gym.evaluators import Evaluator, build_evaluator
from webarena_gym.observation import render_lines
from webarena_gym.oracle_policy import OraclePolicy
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS
from webarena_gym.tasks.oracles import load_oracles
from webarena_gym.tasks.schema import Task
from webarena_gym.types import EvalResult, Outcome, SeenPage

SOLUTIONS = load_oracles().solutions
ADDRESSES = {PLACEHOLDERS[name]: url for name, url in BASE_URLS.items()}
PRODUCT = 102586  # a corn muffin mix that no task asks for
EMMA = 27

# Changes that no task of the shop asks for, whatever else it asks for.
BYSTANDERS = {
    "another wish": f"INSERT INTO wishlist_item VALUES (900, {EMMA}, {PRODUCT}, 1, '', '{{}}', '2023-06-12')",
    "another cart item": f"INSERT INTO cart_item VALUES (900, 900, {PRODUCT}, 1, '{{}}')",
    "a new telephone number": "UPDATE address SET telephone = '5550001111' WHERE id = 26",
    "another subscriber": "INSERT INTO subscriber VALUES ('someone@example.com', NULL)",
    "a second order": "INSERT INTO sales_order SELECT 900, " + ", ".join(
        "customer_id email first_name last_name status created_at qty subtotal_cents discount_cents coupon shipping_cents "
        "total_cents shipping_address billing_address".split()
    ) + " FROM sales_order WHERE id = 180",
    "a review": f"INSERT INTO review VALUES (900000, {PRODUCT}, {EMMA}, 'Emma', 'Good', 'Good', 5, 0, '2023-06-12')",
    "a canceled order": "UPDATE sales_order SET status = 'Canceled' WHERE id = 166",
    "a deleted address": "DELETE FROM address WHERE customer_id = 5",
}  # fmt: skip


class Ended(NamedTuple):
    """A solved task as it stood before the stop."""

    task: Task
    answer: str
    outcome: Outcome
    connection: Any

    def judged(self, answer: str | None = None, *, scoring: str = "hardened", seen: Sequence[SeenPage] | None = None) -> EvalResult:
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
    env = WebArenaEnv("shopping", scoring="hardened", cache_dir=cache_dir)
    last: list[Ended] = []

    def play(task_id: int) -> Ended:
        if not last or last[0].task.task_id != task_id:
            last[:] = [solved(env, task_id)]
        return last[0]

    yield play
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
    return Ended(env.task, action.answer, outcome, env.world.store("shopping").connection)


@pytest.fixture(params=[task_id for task_id in SOLUTIONS if task_id in WebArenaEnv("shopping").task_ids])
def ended(request: pytest.FixtureRequest, envs: Callable[[int], Ended]) -> Ended:
    return envs(request.param)


def failed(result: EvalResult) -> set[str]:
    return {check.kind for check in result.checks if not check.passed}


def test_a_solution_is_accepted_but_not_with_a_page_as_its_answer_or_a_change_beside_it(ended: Ended):
    assert ended.judged().success, ended.judged()
    pages = [page.text for page in ended.outcome.seen]
    for dumped in (*pages, "\n".join(pages), *(f"{ended.answer}\n{page}" for page in pages)):
        assert not ended.judged(dumped).success
    assert {name for name, sql in BYSTANDERS.items() if ended.judged_after(sql).success} == set()
    assert ended.judged().success


OPENINGS = ["", "Sure! ", "Here is what I found: ", "The answer is ", "Thanks for waiting. "]
CLOSINGS = ["", ".", " Let me know if you need anything else.", " I hope that this helps!", " Have a nice day, and thank you."]


def test_polite_words_make_no_difference(ended: Ended):
    for opening, closing in zip(OPENINGS, CLOSINGS, strict=True):
        padded = f"{opening}{ended.answer}{closing}"
        assert ended.judged(padded).success == ended.judged(padded, scoring="lite").success, padded


@pytest.mark.parametrize("task_id", [4, 93, 95])
def test_naming_another_reviewer_is_rejected(envs: Callable[[int], Ended], task_id: int):
    ended = envs(task_id)
    shown = {name for page in ended.outcome.seen for name in re.findall(r"^Review by (.+)$", page.text, flags=re.M)}
    others = sorted(shown - set(ended.answer.split(", ")))
    assert len(others) >= 4
    for answer in (*(f"{ended.answer}, {name}" for name in others), " ".join([ended.answer, *others])):
        assert ended.judged(answer, scoring="lite").success
        assert failed(ended.judged(answer)) == {"hardened: other names"}, answer


@pytest.mark.parametrize(
    ("task_id", "pattern"),
    [(31, r"\$(\d+\.\d\d)"), (46, r"\$([\d,]+\.\d\d)"), (55, r"\$(\d+\.\d\d)"), (76, r"\$([\d,]+\.\d\d)"),
     (78, r"\$([\d,]+\.\d\d)"), (36, r"\$(\d+\.\d\d)"), (94, r"(\d+)%"), (56, r"^(\d{9}) ")],
)  # fmt: skip
def test_naming_another_number_of_the_pages_is_rejected(envs: Callable[[int], Ended], task_id: int, pattern: str):
    ended = envs(task_id)
    shown = {number for page in ended.outcome.seen for number in re.findall(pattern, page.text, flags=re.M)}
    known = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", f"{ended.answer} {ended.task.intent}")}
    others = sorted(number for number in shown if float(number.replace(",", "")) not in known)
    assert len(others) >= 2
    for answer in (*(f"{ended.answer} or {number}" for number in others), f"{ended.answer}: {', '.join(others)}"):
        assert ended.judged(answer, scoring="lite").success
        assert not ended.judged(answer).success, answer


@pytest.mark.parametrize("task_id", [10, 36, 54, 56, 74, 86, 162])
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
