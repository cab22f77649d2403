"""Answers that say there is nothing: "N/A", "no reviews", "there is no such office nearby"."""

from __future__ import annotations

import re

from .values import find_values
from .wording import NOT, Word, contents, fold, stem, words

_NOT_ACHIEVABLE = re.compile(
    r"\W*(?:n ?/ ?a|none|nothing|no (?:results?|matches)(?: found)?|infeasible|impossible|unachievable|"
    r"not (?:available|applicable|achievable|possible|feasible|found))\W*"
)
# Says that there is none, or that something was not found; "not" alone may say anything ("they do not like it").
_CUE = re.compile(
    r"\bn/a\b|\b(?:no|none|nothing|nobody|without|impossible|infeasible|unachievable|unavailable|only positive|"
    r"all positive|0)\b"
    r"|(?:\b(?:not|never|cannot|unable)|n't)\b(?:\s+[\w']+){0,3}?\s+"
    r"(?:found|find|locate|located|exist|exists|available|possible|achievable|applicable|any|listed|there|complain\w*|"
    r"dislike\w*)\b"
)
# "No doubt", "not only" deny nothing that was asked for, and neither does an excuse.
_FALSE_CUE = re.compile(
    r"\bno (?:doubt|problem|question|idea)\b|\bnot only\b"
    r"|(?:\bnot|n't|\bcannot|\bunable to)\s+(?:\w+\s+)?"
    r"(?:finish|complete|continue|load|access|log|know|sure|understand|determine|answer)\b"
)
_CLAUSE_END = re.compile(r"[.;:,!?\n()]+(?=\s|$)|\s-+\s|\n|\b(?:but|however|although|though)\b")
# May stand between "no" and what there is none of.
_WEAK = frozenset(
    map(
        stem,
        "available exist existing find found list listed show shown given give yet any product item customer user store "
        "site page such all left leave written write posted post count number total currently been made make get got "
        "receive published recorded".split(),
    )
)


def is_not_achievable(text: str, intent: str) -> bool:
    """Whether an answer says that what is asked does not exist or cannot be done, and nothing else.

    Every clause must deny something or repeat words of the question, and no new number may be given: "N/A, it is 2 km" is
    an answer after all.
    """
    text = fold(text)
    if _NOT_ACHIEVABLE.fullmatch(text):
        return True
    if _FALSE_CUE.search(text):
        return False
    known = find_values(fold(intent))
    if any(not any(value.same(other) for other in known) for value in find_values(text) if value.amount != 0):
        return False
    asked = contents(intent)
    clauses = [clause for clause in _CLAUSE_END.split(text) if contents(clause) or _CUE.search(clause)]
    denying = [bool(_CUE.search(clause)) for clause in clauses]
    return any(denying) and all(
        denies or contents(clause) <= asked for clause, denies in zip(clauses, denying, strict=True)
    )


def denies_existence(reference: str, text: str, intent: str, *, any_of_it: bool = False) -> bool:
    """Whether ``text`` says that there is none of what the reference ("No reviews available ...") says there is none of.

    "No" must deny the thing itself: "no bad reviews" does not say that there are no reviews. With ``any_of_it`` one of the
    reference's words is enough to name the thing.
    """
    asked = contents(intent)
    named = contents(reference) - _WEAK
    things = named if any_of_it else (named - asked or named)
    said = words(text)
    allowed = _WEAK | asked | things
    return any(
        _denies(said, position, thing, allowed)
        for thing in range(len(said))
        if said[thing].text in things
        for position in range(len(said))
        if said[position].text == NOT
    )


def _denies(said: list[Word], position: int, thing: int, allowed: frozenset[str]) -> bool:
    low, high = sorted((position, thing))
    between = said[low + 1 : high]
    if position > thing and said[position].value is None:
        # "reviews were not found" denies the reviews, "reviews are not positive" does not.
        after = said[position + 1 : position + 2]
        if not (after and after[0].text in _WEAK):
            return False
    return said[low].clause == said[high].clause and len(between) <= 4 and all(word.text in allowed for word in between)
