"""References such as "Yes" and "No, it is open"."""

from __future__ import annotations

import re

from .statements import is_denied
from .wording import contents, fold, stem, words

_YES = re.compile(r"\W*(?:yes|yeah|yep|true|correct|affirmative)\b")
_NO = re.compile(r"\W*(?:no|nope|false|negative)\b(?! (?:longer|doubt|problem))")
_OPPOSITES = {"open": "closed", "closed": "open"}


def says_yes_or_no(reference: str, text: str, intent: str) -> bool:
    """Whether an answer agrees: by a leading yes or no, or by a statement of what was asked, and in no part against it."""
    wanted = _leading(fold(reference))
    assert wanted is not None
    said = _leading(fold(text))
    stated = _stated(fold(reference), text)
    if stated is None:
        stated = _predicate_stated(text, intent)
        if stated is not None and not wanted:
            stated = not stated
    if said is not None and said != wanted:
        return False
    return stated if stated is not None else said is not None


def _leading(text: str) -> bool | None:
    if _YES.match(text):
        return True
    return False if _NO.match(text) else None


def _stated(reference: str, text: str) -> bool | None:
    """Whether the text says the state that the reference names ("open") and not its opposite; None if it names none."""
    state = next((state for state in _OPPOSITES if re.search(rf"\b{state}\b", reference)), None)
    if state is None:
        return None
    agree = _says(text, state) + [not said for said in _says(text, _OPPOSITES[state])]
    return None if not agree else all(agree)


def _says(text: str, state: str) -> list[bool]:
    """For each mention of a state, whether it is affirmed."""
    said = words(re.sub(r"^\W*no\b\W*", "", fold(text)))
    return [not is_denied(said, i) for i, word in enumerate(said) if word.text == stem(state)]


def _predicate_stated(text: str, intent: str) -> bool | None:
    """Whether the text affirms what the question asks "if" about; None if it does not speak of it."""
    match = re.search(r"\b(?:if|whether)\b.*?\b(?:can be|is|are|was|were)\s+(\w+)", fold(intent))
    if match is None:
        return None
    verb = stem(match[1])
    said = words(re.sub(r"^\W*(?:yes|no)\b\W*", "", fold(text)))
    mentions = [not is_denied(said, i) for i, word in enumerate(said) if word.text.startswith(verb)]
    return None if not mentions or not contents(text) else all(mentions)
