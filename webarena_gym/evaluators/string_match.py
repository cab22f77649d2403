"""``string_match``: rules on the answer. The first half of the file is also what page checks compare texts with.

Source: WebArena-Lite's ``StringEvaluator`` (browsergym-webarenalite 0.14.3, ``evaluators.py``), its quirks included.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..tasks.schema import StringCheck
from ..types import CheckResult
from .fuzzy import FuzzyQuestion
from .tokens import contains_token

# What upstream puts in the place of an answer when the policy has not stopped.
UNSTOPPED_ANSWER = "whatever"
NOT_ACHIEVABLE = "N/A"


def clean_answer(text: str) -> str:
    """Stripped, without one pair of equal outer quotes, in lower case.

    >>> clean_answer(" 'Yes' ")
    'yes'
    """
    text = text.strip()
    for quote in "'\"":
        if text.startswith(quote) and text.endswith(quote):
            text = text[1:-1]
            break
    return text.lower()


def exact_match(reference: str, text: str) -> bool:
    return clean_answer(text) == clean_answer(reference)


def must_include(reference: str, text: str, *, as_token: bool = False) -> bool:
    """Whether ``text`` contains the reference; with ``as_token`` a one-character reference must be a token of it."""
    reference, text = clean_answer(reference), clean_answer(text)
    if as_token and len(reference) == 1 and not reference.isspace():
        return contains_token(text, reference)
    return reference in text


def check_string(check: StringCheck, answer: str, *, intent: str, note: str) -> list[CheckResult | FuzzyQuestion]:
    """The verdict on each reference of one rule, or the question that must be asked for it.

    A str where the rule wants a list fails, as upstream's assertion does.
    """
    answer = clean_answer(answer)
    references = check.references
    if check.rule == "exact_match":
        return [_result(check.rule, str(references), answer, exact_match(str(references), answer))]
    if check.rule == "fuzzy_match" and references == NOT_ACHIEVABLE:
        # A bare N/A is enough; anything else must name the reason in the task's note.
        if exact_match(NOT_ACHIEVABLE, answer):
            return [_result(check.rule, NOT_ACHIEVABLE, answer, True)]
        return [FuzzyQuestion(kind="reason", reference=note, text=answer, intent=intent)]
    if isinstance(references, str):
        return [CheckResult(check.rule, False, f"the reference {references!r} is a text where a list belongs")]
    if check.rule == "must_include":
        as_token = len(references) == 1
        choices = alternatives(references) if check.alternatives else [[reference] for reference in references]
        return [
            _result(
                check.rule, " |OR| ".join(some), answer, any(must_include(r, answer, as_token=as_token) for r in some)
            )
            for some in choices
        ]
    return [FuzzyQuestion("answer", reference, answer, intent, references) for reference in references]


def _result(rule: str, reference: str, answer: str, passed: bool) -> CheckResult:
    verb = "is" if rule == "exact_match" else "contains"
    return CheckResult(rule, passed, f"the answer {shorten(answer)!r} {verb if passed else _not(verb)} {reference!r}")


def _not(verb: str) -> str:
    return "is not" if verb == "is" else "does not contain"


def shorten(text: str, max_chars: int = 200) -> str:
    """``text`` as a message shows it."""
    return text if len(text) <= max_chars else text[: max_chars - 3] + "..."


def alternatives(references: Sequence[str]) -> list[list[str]]:
    """Each reference split at `` |OR| ``, of which one alternative is enough."""
    return [reference.split(" |OR| ") for reference in references]
