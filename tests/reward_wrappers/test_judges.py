"""Judged milestones: batches, cache, limits, and what happens when a judge fails."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import threading
from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import pytest
from gymnasium.vector import SyncVectorEnv

from reward_wrappers import (
    JudgeClient,
    JudgedMilestone,
    JudgeUnanswered,
    Milestone,
    MilestoneReward,
    Question,
    Transition,
    VectorMilestoneReward,
    describe_transition,
    judge_agreement,
    observation_equals,
)
from reward_wrappers.judge_cache import JudgeCache, cache_key
from tests.reward_wrappers.fakes import ScriptedEnv, TextCorridor, play


class FakeJudge:
    """Says yes where the description stands in the evidence; ``act`` may do otherwise. Keeps what it was asked."""

    name = "fake v1"

    def __init__(self, act: Callable[[Sequence[Question]], Any] | None = None) -> None:
        self.calls: list[list[str]] = []
        self._act = act

    def decide(self, questions: Sequence[Question]) -> Any:
        self.calls.append([question.description for question in questions])
        return [q.description in q.evidence for q in questions] if self._act is None else self._act(questions)


def ask(*descriptions: str, evidence: str = "a b") -> list[Question]:
    return [Question(description, evidence) for description in descriptions]


def fail(questions: Sequence[Question]) -> Any:
    raise ConnectionError("the line is dead")


def test_a_judged_milestone_is_paid_when_the_judge_says_so() -> None:
    client = JudgeClient(FakeJudge())
    env = MilestoneReward(
        TextCorridor(4), [JudgedMilestone("Room 1", client), JudgedMilestone("Room 2", client)], alpha=0.4
    )
    steps = play(env, ["wait", "right", "right"])
    assert [reward for reward, _ in steps] == pytest.approx([0.0, 0.2, 0.2])
    assert steps[-1][1]["judge_unanswered"] == 0


def test_the_judge_is_shown_the_action_and_the_page_it_led_to() -> None:
    assert describe_transition(Transition("old", "click(1)", "new", 0.0, False, False, {})) == (
        "Action: click(1)\nObservation:\nnew"
    )
    assert describe_transition(Transition.at_reset("new", {})) == (
        "Action: (none: the episode starts here)\nObservation:\nnew"
    )


def test_the_open_milestones_of_all_envs_go_to_the_judge_in_one_call() -> None:
    judge = FakeJudge()
    client = JudgeClient(judge)
    milestones = [JudgedMilestone("Room 1", client), JudgedMilestone("Room 2", client)]
    envs = VectorMilestoneReward(SyncVectorEnv([lambda: TextCorridor(4)] * 2), milestones)
    envs.reset()
    assert judge.calls == [["Room 1", "Room 2"]]  # both rows start on the same page: asked once
    envs.step(("right", "wait"))
    # Row 0 shows room 1, row 1 room 0; both milestones are open in both.
    assert judge.calls[1:] == [["Room 1", "Room 2", "Room 1", "Room 2"]]
    envs.step(("right", "wait"))
    assert judge.calls[2:] == [["Room 2"]]  # of row 0, the one still open; row 1's are known


def test_ordered_milestones_ask_only_about_the_next_one() -> None:
    judge = FakeJudge()
    client = JudgeClient(judge)
    milestones = [JudgedMilestone("Room 1", client), JudgedMilestone("Room 2", client)]
    play(MilestoneReward(TextCorridor(4), milestones, ordered=True), ["wait", "wait"])
    assert judge.calls == [["Room 1"], ["Room 1"]]  # at reset, and after the first wait; then nothing is new


def test_equal_questions_are_sent_once() -> None:
    judge = FakeJudge()
    client = JudgeClient(judge)
    assert client.ask(ask("a", "z", "a")) == [True, False, True]
    assert client.ask(ask("z")) == [False]
    assert judge.calls == [["a", "z"]]
    stats = client.stats
    assert (stats.asked, stats.answered, stats.remembered, stats.unanswered, stats.sent) == (4, 2, 2, 0, 2)


def test_long_lists_are_sent_in_batches() -> None:
    judge = FakeJudge()
    JudgeClient(judge, max_batch=2).ask(ask("a", "b", "c", "d", "e"))
    assert judge.calls == [["a", "b"], ["c", "d"], ["e"]]


def test_verdicts_survive_on_disk_and_are_kept_apart_by_judge_and_evidence(tmp_path: Path) -> None:
    JudgeClient(FakeJudge(), cache_dir=tmp_path).ask(ask("a", "z"))
    second = FakeJudge()
    client = JudgeClient(second, cache_dir=tmp_path)
    assert client.ask(ask("z", "a")) == [False, True]
    assert second.calls == []
    assert client.stats.remembered == 2
    client.ask(ask("a", evidence="other"))
    assert second.calls == [["a"]]
    other = FakeJudge()
    other.name = "fake v2"
    JudgeClient(other, cache_dir=tmp_path).ask(ask("a"))
    assert other.calls == [["a"]]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "null",
        lambda text: text.replace("true", '"yes"'),
        lambda text: json.dumps({**json.loads(text), "key": "0" * 64}),
        lambda text: "\x00" * len(text),
    ],
    ids=["truncated", "empty", "not a dict", "not a verdict", "another question's", "zeros"],
)
def test_a_damaged_cache_file_is_asked_again_and_written_anew(tmp_path: Path, damage: Callable[[str], str]) -> None:
    JudgeClient(FakeJudge(), cache_dir=tmp_path).ask(ask("a"))
    (path,) = tmp_path.rglob("*.json")
    whole = path.read_text()
    path.write_text(damage(whole))
    judge = FakeJudge()
    assert JudgeClient(judge, cache_dir=tmp_path).ask(ask("a")) == [True]
    assert judge.calls == [["a"]]
    assert path.read_text() == whole


def test_a_cache_folder_that_cannot_be_used_is_counted_and_does_no_harm(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("not a folder")
    client = JudgeClient(FakeJudge(), cache_dir=folder)
    with pytest.warns(RuntimeWarning, match="judge 'fake v1': cache: "):
        assert client.ask(ask("a")) == [True]
    assert client.stats.cache_errors == 2  # one read, one write


def _write_verdicts(folder: str, worker: int) -> None:
    cache = JudgeCache(folder)
    for round_ in range(30):
        for name in "abcdef":
            question = Question(name, "evidence")
            cache.put(cache_key("judge", question), name < "d", judge_name="judge", question=question)
            assert cache.get(cache_key("judge", question)) is (name < "d"), (worker, round_)


def test_several_processes_may_write_one_cache_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_verdicts, args=(str(tmp_path), worker)) for worker in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(list(tmp_path.rglob("*.json"))) == 6
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_judge_that_fails_leaves_the_milestone_unreached_counted_and_warned_of_once() -> None:
    client = JudgeClient(FakeJudge(fail), retries=0)
    env = MilestoneReward(TextCorridor(3), [JudgedMilestone("Room 1", client)])
    with pytest.warns(RuntimeWarning, match="fake v1.*ConnectionError: the line is dead.*said once") as warned:
        steps = play(env, ["right", "right"])
    assert [reward for reward, _ in steps] == [0.0, 1.0]
    assert len(warned) == 1
    assert steps[-1][1]["judge_unanswered"] == 3  # at reset and on two steps
    assert (client.stats.failures, client.stats.unanswered) == (3, 3)
    assert client.stats.last_error == "ConnectionError: the line is dead"


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_a_milestone_that_negates_a_failing_judge_is_not_reached_either() -> None:
    broken = JudgedMilestone("Room 1", JudgeClient(FakeJudge(fail), retries=0)).predicate
    with pytest.raises(JudgeUnanswered, match="no verdict on 'Room 1': ConnectionError"):
        broken(Transition.at_reset("page", {}))
    env = MilestoneReward(TextCorridor(3), [Milestone("elsewhere", ~broken)])
    assert env.reset()[1]["milestones_reached"] == ()
    assert env.step("right")[1] == 0.0


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_a_judge_is_asked_again_after_a_failure() -> None:
    outcomes = [ConnectionError("once"), None]

    def flaky(questions: Sequence[Question]) -> list[bool]:
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome
        return [True] * len(questions)

    client = JudgeClient(FakeJudge(flaky), retries=1, retry_wait_s=0)
    assert client.ask(ask("a")) == [True]
    assert (client.stats.failures, client.stats.answered, client.stats.sent) == (1, 1, 2)


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_a_failure_is_not_kept_so_a_later_step_may_still_get_a_verdict(tmp_path: Path) -> None:
    down = [True]

    def sometimes(questions: Sequence[Question]) -> list[bool]:
        if down[0]:
            raise ConnectionError("down")
        return [True] * len(questions)

    client = JudgeClient(FakeJudge(sometimes), retries=0, cache_dir=tmp_path)
    assert client.ask(ask("a")) == [None]
    assert not list(tmp_path.rglob("*.json"))
    down[0] = False
    assert client.ask(ask("a")) == [True]


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_a_judge_that_hangs_is_given_up_on() -> None:
    released = threading.Event()

    def hang(questions: Sequence[Question]) -> list[bool]:
        released.wait()
        return [True] * len(questions)

    client = JudgeClient(FakeJudge(hang), timeout_s=0.05, retries=1, retry_wait_s=0)
    assert client.ask(ask("a")) == [None]
    released.set()
    assert (client.stats.timeouts, client.stats.failures) == (2, 0)
    assert client.stats.last_error == "no verdict within 0.05 s"


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
@pytest.mark.parametrize("wrong", [lambda questions: [True], lambda questions: None], ids=["too few", "none"])
def test_a_wrong_number_of_verdicts_is_a_failure_not_a_guess(wrong: Any) -> None:
    client = JudgeClient(FakeJudge(wrong), retries=0)
    assert client.ask(ask("a", "b")) == [None, None]
    assert client.stats.failures == 1


def test_a_judge_may_say_that_it_cannot_tell_one_question() -> None:
    client = JudgeClient(FakeJudge(lambda questions: [True, None]))
    assert client.ask(ask("a", "b")) == [True, None]
    assert (client.stats.answered, client.stats.unanswered, client.stats.failures) == (1, 1, 0)


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_the_budget_limits_the_questions_sent() -> None:
    judge = FakeJudge()
    client = JudgeClient(judge, budget=3)
    assert client.ask(ask("a", "b")) == [True, True]
    assert client.ask(ask("c", "d", "a")) == [False, None, True]  # one left; "a" is known and costs nothing
    assert client.ask(ask("e")) == [None]
    assert judge.calls == [["a", "b"], ["c"]]
    assert (client.stats.sent, client.stats.over_budget) == (3, 2)
    assert client.stats.last_error == "the budget of 3 questions is spent"


@pytest.mark.filterwarnings("ignore:judge:RuntimeWarning")
def test_retries_count_against_the_budget() -> None:
    judge = FakeJudge(fail)
    client = JudgeClient(judge, budget=2, retries=5, retry_wait_s=0)
    assert client.ask(ask("a")) == [None]
    assert len(judge.calls) == 2


def test_copies_of_an_env_share_the_client_and_a_pickle_takes_its_counts_along() -> None:
    client = JudgeClient(FakeJudge())
    client.ask(ask("a"))
    assert deepcopy(client) is client
    assert copy(client) is client
    assert pickle.loads(pickle.dumps(client)).stats == client.stats


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"retries": -1}, "no limit may be negative"),
        ({"budget": -1}, "no limit may be negative"),
        ({"max_batch": 0}, "a batch holds 1 question or more"),
        ({"timeout_s": 0}, "a timeout is positive"),
    ],
)
def test_a_limit_that_makes_no_sense_is_a_value_error(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        JudgeClient(FakeJudge(), **arguments)


def test_what_is_no_judge_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="a judge has a `name` and a method `decide"):
        JudgedMilestone("x", "gpt")  # type: ignore[arg-type]


def test_the_agreement_report_counts_verdicts_against_a_predicate() -> None:
    # The judge says yes on 1, 2, 3 and cannot tell 9; the predicate says yes on 2, 3 and 4.
    def verdict(questions: Sequence[Question]) -> list[bool | None]:
        states = [int(q.evidence) for q in questions]
        return [None if state == 9 else state in (1, 2, 3) for state in states]

    milestone = JudgedMilestone("x", FakeJudge(verdict), describe=lambda t: str(t.next_observation))
    states = [0, 1, 2, 3, 4, 5, 6, 9]
    predicate = observation_equals(2) | observation_equals(3) | observation_equals(4)
    report = judge_agreement(milestone, predicate, [Transition.at_reset(state, {}) for state in states])
    assert (report.both_yes, report.judge_only, report.predicate_only, report.both_no, report.unanswered) == (
        2,
        1,
        1,
        3,
        1,
    )
    assert report.agreement == pytest.approx(5 / 7)
    # By chance: (3 * 3 + 4 * 4) / 49 = 25/49. Kappa: (35/49 - 25/49) / (24/49) = 10/24.
    assert report.kappa == pytest.approx(10 / 24)
    assert str(report) == (
        "agreement 0.714, kappa 0.417: both yes 2, judge only 1, predicate only 1, both no 3, unanswered 1"
    )


def test_agreement_without_verdicts_or_without_variety_is_undefined_not_zero() -> None:
    milestone = JudgedMilestone("x", FakeJudge(lambda questions: [None] * len(questions)))
    report = judge_agreement(milestone, observation_equals(1), [Transition.at_reset(1, {})])
    assert (report.agreement, report.kappa) == (None, None)
    never = JudgedMilestone("never there", FakeJudge())
    alike = judge_agreement(never, observation_equals(1), [Transition.at_reset(0, {})])
    assert (alike.agreement, alike.kappa) == (1.0, None)


def test_a_judged_milestone_keeps_its_name_and_weight() -> None:
    milestone = JudgedMilestone("the cart holds two mugs", FakeJudge(), name="mugs", weight=2.0)
    assert (milestone.name, milestone.weight) == ("mugs", 2.0)
    assert JudgedMilestone("the cart holds two mugs", FakeJudge()).name == "the cart holds two mugs"
    env = MilestoneReward(ScriptedEnv([0, 1]), [milestone])
    assert [reward for reward, _ in play(env, [0])] == [0.0]
