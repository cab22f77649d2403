"""Does a one-character token occur in a text, as NLTK's ``word_tokenize`` would cut it?

Official scoring compares a one-character reference such as "2" with the tokens of the answer instead of searching for it,
so that "2" is not found in "12". This decides the same from the characters around each occurrence. Not covered: the
abbreviations that NLTK's trained sentence splitter knows, after which a full stop ends no sentence.
"""

from __future__ import annotations

import re

# Characters that NLTK always cuts off from what stands beside them.
_APART = frozenset(';@#$%&?!*[](){}<>«»“”‘’„`"\u2012\u2013\u2014\u2015')
# What may follow a full stop that ends a text.
_CLOSERS = "[])}>\"'»”’ \t\r\n\f\v"
# After these a full stop ends a sentence even without a space.
_ENDS_SENTENCE = frozenset(")\"}]*@'({[‘’“”«»")
# A number or an initial right after one of these is a token of its own for the sentence splitter.
_STARTS_NUMBER = frozenset('("`{[:;&#*@)}]-,. ')
_CLITIC = re.compile(r"'(?:s|m|d|ll|re|ve)|n't")
_NO_QUOTE_BEFORE = re.compile(r"(?:re|ve|ll|m|t|s|d|n)\b")


def contains_token(text: str, character: str) -> bool:
    """Whether ``character``, a letter or digit, is a token of ``text``, which is in lower case.

    >>> contains_token("there are 2 reviews.", "2"), contains_token("12 reviews", "2"), contains_token("2.5", "2")
    (True, False, False)
    """
    position = text.find(character)
    while position >= 0:
        if _cut_before(text, position) and _cut_after(text, position):
            return True
        position = text.find(character, position + 1)
    return False


def _cut_before(text: str, position: int) -> bool:
    before = text[:position]
    if not before or before[-1].isspace() or before[-1] in _APART:
        return True
    run = len(before) - len(before.rstrip(before[-1]))
    match before[-1]:
        case ".":
            return run > 1
        case "-":
            return run % 2 == 0
        case "'":
            if run > 1:
                return run % 2 == 0
            opens = len(before) == 1 or not (before[-2].isalnum() or before[-2] == "_")
            return opens and not _NO_QUOTE_BEFORE.match(text, position)
        case "," | ":":
            # Each comma or colon is cut off together with the character after it, unless that is a digit.
            return not text[position].isdigit() and (len(before) - len(before.rstrip(",:"))) % 2 == 1
    return False


def _cut_after(text: str, position: int) -> bool:
    after = text[position + 1 :]
    if not after or after[0].isspace() or after[0] in _APART:
        return True
    match after[0]:
        case "-":
            return after.startswith("--")
        case "," | ":":
            return len(after) == 1 or not after[1].isdigit()
        case ".":
            return after.startswith("..") or _ends_sentence(text, position + 1)
        case "'" if len(after) == 1 or after[1] == "'" or _cut_after(text, position + 1):
            return True
    clitic = _CLITIC.match(after)
    return clitic is not None and _cut_after(text, position + clitic.end())


def _ends_sentence(text: str, dot: int) -> bool:
    """Whether the full stop at ``dot``, after a single character, ends a sentence."""
    rest = text[dot + 1 :]
    if not rest.strip(_CLOSERS):
        return True
    if not rest[0].isspace():
        return rest[0] in _ENDS_SENTENCE
    following = rest.split(None, 1)[0]
    if following[0] in ";:,.!?":
        return False
    # "5. reviews": a number before a word in lower case is read as an ordinal, unless something clings to it ("$5.").
    alone = dot < 2 or text[dot - 2] in _STARTS_NUMBER or text[dot - 2].isspace()
    return not (alone and following[0].islower())
