from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.errors import InfraError, JudgeError
from webarena_gym.evaluators import Judge, Question, build_evaluator
from webarena_gym.tasks.official import official_task
from webarena_gym.tasks.schema import Progress, Task
from webarena_gym.types import Outcome


class SayingJudge:
    """Gives the verdicts it was made with and keeps the questions."""

    name = "saying"

    def __init__(self, *verdicts: object) -> None:
        self.verdicts, self.questions = verdicts, []

    def decide(self, questions: Sequence[Question]) -> Sequence[bool | None]:
        self.questions += questions
        return list(self.verdicts)  # type: ignore[arg-type]


class FailingJudge:
    name = "failing"

    def decide(self, questions: Sequence[Question]) -> Sequence[bool | None]:
        raise ConnectionError("no route to host")


def judged(judge: Judge, task_id: int, answer: str, scoring: str = "lite"):
    return build_evaluator(task(task_id), scoring=scoring, judge=judge, base_urls=BASE_URLS).evaluate(outcome(answer))


def test_an_unknown_scoring_is_refused_with_those_that_exist():
    with pytest.raises(ValueError, match="unknown scoring 'leit'; there are 'lite', 'strict'"):
        build_evaluator(task(0), scoring="leit", base_urls=BASE_URLS)


def test_a_task_without_rules_is_refused():
    with pytest.raises(ValueError, match="no rule to score it by"):
        build_evaluator(Task(task_id=1, sites=("map",), intent="", start_urls=("/",)), base_urls=BASE_URLS)


def test_placeholders_are_replaced_when_the_evaluator_is_built():
    at_todos = outcome("", "http://gitlab.test/dashboard/todos")
    assert build_evaluator(official_task(9), base_urls=BASE_URLS).evaluate(at_todos).success


def test_without_a_judge_the_rules_decide_and_the_result_says_so():
    result = build_evaluator(task(28), base_urls=BASE_URLS).evaluate(outcome("March 2, 2022"))
    assert (result.success, result.judge) == (True, "deterministic")


def test_a_judge_decides_fuzzy_matches_and_is_named():
    judge = SayingJudge(True, False)
    result = judged(judge, 10, "nothing at all")
    assert (result.success, result.judge) == (False, "saying")
    assert [check.passed for check in result.checks] == [True, False]
    assert [question.evidence for question in judge.questions] == ["nothing at all"] * 2
    assert "'0 order'" in judge.questions[0].description and "not achievable" in judge.questions[0].description


@pytest.mark.parametrize("scoring", ["lite", "strict"])
def test_a_judge_is_asked_for_the_reason_where_na_is_not_the_answer(scoring: str):
    judge = SayingJudge(True)
    assert judged(judge, 114, "The shop refused the comment", scoring).success
    assert "We cannot add order history" in judge.questions[0].description
    assert judged(SayingJudge(), 114, "N/A", scoring).success  # not asked


def test_a_judge_is_not_asked_where_another_check_failed_already():
    judge = SayingJudge(True)
    result = judged(judge, 64, "Baxter State Park, 10h 33min")
    assert (result.success, judge.questions) == (False, [])


def test_a_judge_is_not_asked_for_what_rules_decide():
    judge = SayingJudge()
    result = judged(judge, 46, "65.32")
    assert (result.success, result.judge, judge.questions) == (True, None, [])


@pytest.mark.parametrize("verdicts", [(None,), (), (True, True), (0.5,), ("yes",)])
def test_a_missing_verdict_is_no_verdict_and_never_a_score_of_0(verdicts: tuple[object, ...]):
    with pytest.raises(JudgeError, match="the judge saying"):
        judged(SayingJudge(*verdicts), 28, "3/2/22")


def test_a_failing_judge_is_an_infrastructure_error():
    with pytest.raises(InfraError, match="the judge failing failed: no route to host"):
        judged(FailingJudge(), 28, "3/2/22")


def generated(wanted: str) -> Task:
    return Task(
        task_id="find_price-000001",
        sites=("shopping",),
        intent="",
        start_urls=("http://shopping.test/",),
        success=lambda progress: progress.answer == wanted,
    )


def as_progress(ended: Outcome) -> Progress:
    return Progress(ended.page.url, "", ended.answer, ended.client, lambda site: None, lambda: ended)


def test_a_generated_task_is_scored_by_its_predicate_after_a_stop():
    evaluator = build_evaluator(generated("12.99"), base_urls=BASE_URLS, progress=as_progress)
    assert evaluator.evaluate(outcome("12.99")).success
    assert not evaluator.evaluate(outcome("13.99")).success
    assert not evaluator.evaluate(outcome(None)).success
    with pytest.raises(ValueError, match="progress="):
        build_evaluator(generated("12.99"), base_urls=BASE_URLS).evaluate(outcome("12.99"))


def test_a_conjunction_needs_every_part():
    url = "http://gitlab.test/a11yproject/a11yproject.com/-/issues/719"
    evaluator = build_evaluator(task(45), base_urls=BASE_URLS)
    assert evaluator.evaluate(outcome("Yes", url)).success
    assert not evaluator.evaluate(outcome("Yes", "http://gitlab.test/")).success
    assert not evaluator.evaluate(outcome("No", url)).success
