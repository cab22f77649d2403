"""``fuzzy_match``: does a text mean what a reference says? By rules: the same verdict every time, without a model.

A reference is read as one of the kinds below, the first that fits; its rule accepts the forms in which an honest answer
states it and rejects another value, another entity and the opposite. ``docs/scoring.md`` lists what each accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..types import CheckResult
from .absence import denies_existence, is_not_achievable
from .base import Question
from .pairs import assign, month_counts, split_pair
from .statements import names_in_order, quoted_names, states
from .values import Value, digits_for_words, find_values, whole_value
from .wording import fold, words
from .yes_no import says_yes_or_no

# "answer" compares the policy's answer, "page" a text on a page, "reason" a reported reason why a task cannot be done.
QuestionKind = Literal["answer", "page", "reason"]


@dataclass(frozen=True, slots=True)
class FuzzyQuestion:
    """Does ``text`` mean ``reference``? ``siblings`` are all references of the same rule."""

    kind: QuestionKind
    reference: str
    text: str
    intent: str
    siblings: tuple[str, ...] = ()


def to_judge(question: FuzzyQuestion) -> Question:
    """The question as a judge is asked."""
    if question.kind == "reason":
        description = (
            f"The task {question.intent!r} cannot be done because: {question.reference!r}. "
            "The reported reason says the same, even if implicitly."
        )
    elif question.kind == "page":
        description = f"For the task {question.intent!r}, the text on the page says: {question.reference!r}."
    else:
        description = (
            f"As an answer to {question.intent!r} this is semantically equivalent to the reference answer "
            f"{question.reference!r}, not only partly so. 'N/A' means 'not achievable'."
        )
    return Question(description, question.text)


def decide(question: FuzzyQuestion) -> CheckResult:
    """The verdict by rules."""
    if question.kind == "page":
        passed = all(_page_holds(reference, question) for reference in question.siblings)
        rule = "page"
    elif question.kind == "reason":
        passed = states(question.reference.removeprefix("System message:"), question.text, question.intent)
        rule = "reason"
    else:
        rule, check = _rule_for(question)
        passed = bool(question.text.strip()) and check(question)
    shown = question.text if len(question.text) <= 200 else question.text[:197] + "..."
    return CheckResult("fuzzy_match", passed, f"{shown!r} means {question.reference!r} (as {rule}): {passed}")


Check = Callable[[FuzzyQuestion], bool]


def _rule_for(question: FuzzyQuestion) -> tuple[str, Check]:
    reference = question.reference
    if reference == "N/A":
        return "not achievable", lambda q: is_not_achievable(q.text, q.intent)
    if re.match(r"(?:yes|no)(?:\W|$)", reference, re.I) and not denies_existence_form(reference):
        return "yes or no", lambda q: says_yes_or_no(q.reference, q.text, q.intent)
    if all(re.fullmatch(r"\d\d:\d+", sibling) for sibling in question.siblings) and len(question.siblings) > 1:
        return "month counts", _month_count
    if split_pair(reference) is not None:
        return "pairs", _pair
    if (value := whole_value(reference)) is not None:
        if value.kind == "number" and len(question.siblings) > 1:
            return "statement", _statement
        return value.kind, _CHECKS[value.kind]
    if _quote_with_label(reference) is not None and len(question.siblings) > 1:
        return "quote by a name", _attributed_quote
    if (amount := _leading_value(reference)) is not None:
        return f"{amount.kind} with a noun", _amount_with_noun
    if len(quoted_names(question.intent)) > 1:
        return "names in order", lambda q: names_in_order(quoted_names(q.intent), q.reference, q.text)
    if denies_existence_form(reference):
        return "absence", lambda q: denies_existence(q.reference, q.text, q.intent)
    return "statement", _statement


def denies_existence_form(reference: str) -> bool:
    """Whether the reference says that there is none of something, as in "No reviews available"."""
    return re.match(r"no\s+\w", reference, re.I) is not None


def _page_holds(reference: str, question: FuzzyQuestion) -> bool:
    """Whether the text on a page holds one part of what is required.

    Sums of money that nobody asked for speak against it: the amount is to be named, not hidden in a list.
    """
    value = whole_value(reference)
    if value is None or value.kind not in ("number", "money"):
        return states(reference, question.text, "")
    found = find_values(fold(question.text))
    if not any(value.same(other) for other in found):
        return False
    if value.kind == "number" and "." in reference:
        return all(value.same(other) for other in found if other.kind == "money" or other.amount == value.amount)
    return True


def _statement(question: FuzzyQuestion) -> bool:
    return states(question.reference, question.text, question.intent)


def _month_count(question: FuzzyQuestion) -> bool:
    month, count = map(int, question.reference.split(":"))
    return month_counts(question.text).get(month) == {count}


def _pair(question: FuzzyQuestion) -> bool:
    pairs = [pair for sibling in question.siblings if (pair := split_pair(sibling)) is not None]
    wanted = split_pair(question.reference)
    assert wanted is not None
    given = assign(pairs, question.text)[pairs.index(wanted)]
    if isinstance(wanted.value, str):
        return bool(given) and all(value == wanted.value for value in given)
    if wanted.value.kind == "distance" and not _only_these_distances(
        pairs_values=[p.value for p in pairs], question=question
    ):
        return False
    return bool(given) and all(isinstance(value, Value) and wanted.value.same(value) for value in given)


def _only_these_distances(pairs_values: list[Value | str], question: FuzzyQuestion) -> bool:
    """Whether the text gives no distance but those of the references: another one belongs to something not asked for."""
    wanted = [value for value in pairs_values if isinstance(value, Value)]
    given = _news(question, "distance")
    return all(any(value.same(other) for other in wanted) for value in given)


def _quote_with_label(reference: str) -> tuple[str, str] | None:
    """Name and words of a reference such as "Imani: It powers the Dot just fine.", None if it is not of this form."""
    name, colon, quote = reference.partition(": ")
    return (name, quote) if colon and 1 <= len(words(name)) <= 4 < len(words(quote)) else None


def _attributed_quote(question: FuzzyQuestion) -> bool:
    """The quote stands after its author's name and before the next author's."""
    parts = _quote_with_label(question.reference)
    assert parts is not None
    names = [labelled[0] for sibling in question.siblings if (labelled := _quote_with_label(sibling)) is not None]
    text = fold(question.text)
    starts = {name: [match.start() for match in re.finditer(_as_words(name), text)] for name in names}
    ends = sorted([place for places in starts.values() for place in places] + [len(text)])
    return any(
        states(parts[1], text[start + len(parts[0]) : next(end for end in ends if end > start)], "")
        for start in starts[parts[0]]
    )


def _as_words(name: str) -> str:
    return rf"(?<!\w){re.escape(fold(name))}(?!\w)"


def _news(question: FuzzyQuestion, *kinds: str) -> list[Value]:
    """The values of these kinds in the answer, without those that the intent names already."""
    known = find_values(fold(question.intent))
    return [
        value
        for value in find_values(fold(question.text))
        if value.kind in kinds and not any(value.same(other) for other in known)
    ]


def _wanted(question: FuzzyQuestion) -> Value:
    value = whole_value(question.reference) or _leading_value(question.reference)
    assert value is not None
    return value


def _only_value(question: FuzzyQuestion) -> bool:
    """A date, distance, sum or phone number: named, and no other of its kind."""
    wanted = _wanted(question)
    given = _news(question, wanted.kind) or [
        value for value in find_values(fold(question.text)) if value.kind == wanted.kind
    ]
    if wanted.kind == "date" and any(value.amount[0] is None for value in given):  # type: ignore[index]
        return False
    return bool(given) and all(wanted.same(value) for value in given)


def _duration(question: FuzzyQuestion) -> bool:
    """A duration: the only one, or the sum of the others; a bare number is one in minutes."""
    wanted = _wanted(question)
    given = _news(question, "duration")
    if not given:
        bare = whole_value(question.text)
        return bare is not None and bare.kind == "number" and bare.amount == wanted.amount and not wanted.less
    others = [value.amount for value in given if not wanted.same(value)]
    return len(others) < len(given) and (not others or sum(others) == wanted.amount)  # type: ignore[arg-type]


def _count(question: FuzzyQuestion) -> bool:
    """A count: every number is it, but for "of 12" and numbers that the question names. None at all is zero."""
    wanted = _wanted(question)
    text = re.sub(r"\b(?:out of|of|among)(?: (?:the|a|all|total))* [\d,]+", " ", fold(question.text))
    given = _news_in(text, question, "number")
    if given:
        return all(wanted.same(value) for value in given)
    return wanted.amount == 0 and is_zero_in_words(text, question.intent)


def is_zero_in_words(text: str, intent: str) -> bool:
    """ "None", "there are no such comments"."""
    return re.fullmatch(r"\W*(?:none|nothing|no one|nobody)\W*", text) is not None or denies_existence(
        intent, text, intent, any_of_it=True
    )


def _news_in(text: str, question: FuzzyQuestion, *kinds: str) -> list[Value]:
    return _news(FuzzyQuestion(question.kind, question.reference, text, question.intent), *kinds)


def _leading_value(reference: str) -> Value | None:
    """The amount that a short reference such as "0 order" or "$0 total spend" begins with."""
    values = find_values(digits_for_words(reference))
    if len(values) == 1 and values[0].start == 0 and values[0].kind in ("number", "money") and len(reference) < 30:
        return values[0]
    return None


def _amount_with_noun(question: FuzzyQuestion) -> bool:
    """A count or a sum with what it counts. Every new number of the answer must be one of the references' amounts."""
    wanted = _wanted(question)
    siblings = [value for sibling in question.siblings if (value := _leading_value(sibling)) is not None]
    given = _news(question, "number", "money")
    if not all(any(value.amount == other.amount for other in siblings) for value in given):
        return False
    kinds = {value.kind for value in given if value.amount == wanted.amount}
    if wanted.kind in kinds:
        return True
    text = fold(question.text)
    if wanted.kind == "money":
        # "spent nothing", "total: 0", "0, 0"
        spent = re.search(r"\b(?:spen[dt]|total|amount|cost|money)\w*\W+(?:\w+\W+){0,4}?(?:0|nothing|no)\b", text)
        no_money = re.search(r"\b(?:no money|nothing|0 (?:in )?total)\b", text)
        return wanted.amount == 0 and (bool(spent or no_money) or len(given) > 1)
    noun = words(question.reference)[-1].text
    return wanted.amount == 0 and denies_existence(f"No {noun}", question.text, question.intent)


_CHECKS: dict[str, Check] = {
    "date": _only_value,
    "distance": _only_value,
    "money": _only_value,
    "phone": _only_value,
    "duration": _duration,
    "number": _count,
}
