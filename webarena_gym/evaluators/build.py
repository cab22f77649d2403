"""From a task to its evaluator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..tasks.official import with_base_urls
from ..tasks.schema import EvalSpec, Progress, StringCheck, Task
from ..types import CheckResult, EvalResult, Outcome
from .base import DETERMINISTIC, Evaluator, Judge, ask, conjunction
from .fuzzy import FuzzyQuestion, decide, to_judge
from .hardened import HardenedEvaluator, with_entry
from .helpers import Pages
from .program_html import HtmlPart
from .string_match import UNSTOPPED_ANSWER, check_string, shorten
from .url_match import check_url
from .verified import VerifiedEvaluator

SCORINGS = ("lite", "strict", "hardened", "verified")


def build_evaluator(
    task: Task,
    *,
    scoring: str = "lite",
    judge: Judge | None = None,
    base_urls: Mapping[str, str],
    progress: Callable[[Outcome], Progress] | None = None,
) -> Evaluator:
    """The evaluator of a task.

    ``lite`` are WebArena-Lite's rules with two slips corrected, ``strict`` are those rules to the letter, ``hardened`` adds
    guards to ``lite``, ``verified`` are webarena-verified's. ``base_urls`` maps placeholders to addresses. ``progress`` makes what the predicate of a generated task looks at; without it that
    task's evaluator refuses to evaluate.

    Raises:
        ValueError: unknown ``scoring``, or a task without any rule.
        TaskDataError: ``verified`` without the package webarena-verified.
    """
    if scoring not in SCORINGS:
        raise ValueError(f"unknown scoring {scoring!r}; there are {', '.join(map(repr, SCORINGS))}")
    task = with_base_urls(task, base_urls)
    if task.success is not None:
        return PredicateEvaluator(task.success, progress)
    if task.spec == EvalSpec():
        raise ValueError(f"task {task.task_id!r} has no rule to score it by")
    if scoring == "verified":
        return VerifiedEvaluator(task, base_urls)
    if scoring == "strict":
        return RuleEvaluator(task, judge, base_urls, unstopped_answer=UNSTOPPED_ANSWER)
    task = replace(task, spec=corrected(task.spec))
    if scoring == "hardened":
        return HardenedEvaluator(task, base_urls, RuleEvaluator(with_entry(task, base_urls), judge, base_urls))
    return RuleEvaluator(task, judge, base_urls)


def corrected(spec: EvalSpec) -> EvalSpec:
    """``spec`` without the two slips that no honest answer can pass.

    Task 81 has a text where ``must_include`` wants a list; task 94 has alternatives, which upstream splits in page checks
    only.
    """
    return replace(spec, strings=tuple(map(_corrected_check, spec.strings)))


def _corrected_check(check: StringCheck) -> StringCheck:
    if check.rule != "must_include":
        return check
    references = (check.references,) if isinstance(check.references, str) else check.references
    return StringCheck("must_include", references, alternatives=True)


class RuleEvaluator:
    """Scores a task by its ``EvalSpec``. ``unstopped_answer`` is judged where there was no stop; None: that fails."""

    def __init__(
        self,
        task: Task,
        judge: Judge | None,
        base_urls: Mapping[str, str],
        *,
        unstopped_answer: str | None = None,
    ) -> None:
        self._task, self._judge, self._base_urls = task, judge, base_urls
        self._unstopped_answer = unstopped_answer
        self._html = [HtmlPart(check, task.intent) for check in task.spec.html]

    def evaluate(self, outcome: Outcome) -> EvalResult:
        answer = self._unstopped_answer if outcome.answer is None else outcome.answer
        if answer is None:
            return EvalResult(False, (CheckResult("stop", False, "the episode ended without a stop"),))
        spec, intent = self._task.spec, self._task.intent
        parts: list[CheckResult | FuzzyQuestion] = []
        for check in spec.strings:
            parts += check_string(check, answer, intent=intent, note=spec.note)
        for references in spec.urls:
            parts += check_url(references.references, outcome.page.url)
        pages = Pages(outcome, self._base_urls)
        for part in self._html:
            parts += part.results(pages)
        return self._settle(parts)

    def _settle(self, parts: list[CheckResult | FuzzyQuestion]) -> EvalResult:
        """Answer the open questions. A judge is asked once for all, and only if nothing else failed already."""
        questions = [part for part in parts if isinstance(part, FuzzyQuestion)]
        if not questions:
            return conjunction([part for part in parts if isinstance(part, CheckResult)], None)
        if self._judge is None:
            checks = [part if isinstance(part, CheckResult) else decide(part) for part in parts]
            return conjunction(checks, DETERMINISTIC)
        if any(isinstance(part, CheckResult) and not part.passed for part in parts):
            verdicts = [False] * len(questions)
            reason = "not asked, since another check failed"
        else:
            verdicts = ask(self._judge, [to_judge(question) for question in questions])
            reason = f"said by {self._judge.name}"
        answers = iter(verdicts)
        checks = [part if isinstance(part, CheckResult) else _judged(part, next(answers), reason) for part in parts]
        return conjunction(checks, self._judge.name)


def _judged(question: FuzzyQuestion, verdict: bool, reason: str) -> CheckResult:
    detail = f"{shorten(question.text)!r} means {question.reference!r}: {verdict}, {reason}"
    return CheckResult("fuzzy_match", verdict, detail)


class PredicateEvaluator:
    """Scores a generated task by its own predicate; without a stop it is not done."""

    def __init__(self, success: Callable[[Progress], bool], progress: Callable[[Outcome], Progress] | None) -> None:
        self._success, self._progress = success, progress

    def evaluate(self, outcome: Outcome) -> EvalResult:
        if outcome.answer is None:
            return EvalResult(False, (CheckResult("stop", False, "the episode ended without a stop"),))
        if self._progress is None:
            raise ValueError("this task is scored by a predicate: give build_evaluator() progress=")
        passed = bool(self._success(self._progress(outcome)))
        return conjunction([CheckResult("predicate", passed, f"the task's predicate: {passed}")], None)
