"""What an answer may hold besides the answer: guards against dumping pages and naming every candidate.

Each guard compares the answer with what the task asks for and with the pages that the policy was shown:

- length: as many words as the references call for, and some to be polite in;
- quotes: no long passage of a page, unless it is a reference or the question;
- other values: no further date, sum, count ... of the kind that the reference is of, and few of any kind;
- other names: nothing that stands on a page where the reference stands on another line or in another row.

What stands on one line of a page with the reference is a detail of it, and a sum may be shown as one ("1.20 + 3 = 4.20").
An answer that names another candidate only to rule it out is read as naming it.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, DecimalException

from ..tasks.schema import Task
from ..types import CheckResult, SeenPage
from .hardened_pages import Page, without_markup
from .string_match import NOT_ACHIEVABLE, shorten
from .values import Value, find_values
from .wording import fold

POLITE_WORDS = 50
CHARS_A_WORD = 20
PASSAGE = 8  # words; what is shorter is a phrase that anybody might use
FREE_PASSAGES = 12  # words from passages that need no excuse
FREE_VALUES = 8  # values of whatever kind beside the answer, and two more for each reference

_WORD = re.compile(r"\w+")
_ID_LABEL = re.compile(
    r"(?:#|\b(?:orders?|no|nr|numbers?|ids?|sku|invoices?|pages?|products?|issues?|posts?)\b[\s.:#]*)$"
)
_CHAIN = re.compile(r"[\s,]*(?:and|or|to|&)?\s*#?")
_OF_ALL = re.compile(r"(?:\bof|\bamong|/)(?: (?:the|a|all|total))*\s*$")
# No details of a value on the same line: what it is measured by ("65% of 100"), and ranges to filter a list by.
_SCALE = re.compile(r"\bof \d[\d,]*")
_RANGE = re.compile(r"\$[\d,.]+ (?:- \$[\d,.]+|and above)")
_SUM = re.compile(r"[\d$(][\d\s.,$()+*/×x-]*=\s*\$?[\d.,]*\d")
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class AnswerGuard:
    """The guards of one task's answers."""

    def __init__(self, task: Task) -> None:
        self._intent = fold(task.intent)
        self._references = [text for reference in references(task) for text in reference.split(" |OR| ")]
        self._wanted = [reference for reference in map(fold, self._references) if reference != NOT_ACHIEVABLE.lower()]
        self._nothing = NOT_ACHIEVABLE in self._references
        self._words = sum(len(_WORD.findall(reference)) for reference in self._references)

    def check(self, answer: str, seen: Sequence[SeenPage]) -> list[CheckResult]:
        """One result a guard; the answer is known to be right otherwise."""
        results = [self._length(answer)]
        if not results[0].passed:
            return results  # the rest takes time, and the longer the answer the more
        pages = [Page(page.text) for page in seen]
        quoted = self._quoted(answer, pages)
        allowed = FREE_PASSAGES + self._words // 4
        results.append(_result("quotes", quoted <= allowed, f"{quoted} words are passages of pages, {allowed} may be"))
        values = self._other_values(answer, pages)
        results.append(
            _result("other values", not values, f"also names {_shown(values)}" if values else "no other is named")
        )
        names = sorted(self._other_names(answer, pages))
        results.append(
            _result("other names", not names, f"also names {_shown(names)}" if names else "no other is named")
        )
        return results

    def _length(self, answer: str) -> CheckResult:
        count, limit = len(_WORD.findall(answer)), POLITE_WORDS + self._words * 3 // 2
        passed = count <= limit and len(answer) <= limit * CHARS_A_WORD
        return _result("length", passed, f"{count} words and {len(answer)} characters, {limit} words are enough")

    def _quoted(self, answer: str, pages: Sequence[Page]) -> int:
        """How many words of the answer belong to passages of a page that nobody asked for."""
        said = _WORD.findall(fold(without_markup(answer)))
        asked = _runs([self._intent, *self._wanted], PASSAGE // 2)
        excused = _covered(said, asked, PASSAGE // 2)
        if len(said) <= FREE_PASSAGES:
            return 0
        quoted: set[int] = set()
        for page in pages:
            quoted |= _covered(said, page.runs(PASSAGE), PASSAGE)
        return len(quoted - excused)

    def _other_values(self, answer: str, pages: Sequence[Page]) -> list[str]:
        text = fold(answer)
        values = [(value, kind) for value, kind in _kinds(text) if not _OF_ALL.search(text[: value.start])]
        asked = list(find_values(self._intent))
        matched = [(value, kind) for value, kind in values if self._is_wanted(text, value)]
        kinds = {kind for _, kind in matched}
        kinds |= {"amount"} if "count" in kinds else set()  # "0" may be dollars
        others = [
            value
            for value, kind in values
            if (kind in kinds or (self._nothing and value.amount != 0))
            and not any(value.same(other) for other in asked)
            and not self._is_wanted(text, value)
        ]
        within = [match.span() for match in _SUM.finditer(text) if _adds_up(match[0])]
        others = [value for value in others if not any(a <= value.start < b for a, b in within)]
        further = [
            value
            for value, _ in values
            if not any(value.same(other) for other in asked)
            and not self._is_wanted(text, value)
            and not any(a <= value.start < b for a, b in within)
        ]
        if len(further) > FREE_VALUES + 2 * len(self._references):
            return [text[value.start : value.end] for value in further]
        if others and _sums_up(others, [value for value, _ in matched]):
            return []
        named = [
            reference for reference in self._wanted if reference in text
        ]  # of alternatives, the one that was chosen
        lines = [_SCALE.sub("", line) for page in pages for line in page.lines_with(named)]
        lines = [line for line in lines if not _RANGE.search(line)]
        return [
            text[value.start : value.end]
            for value in others
            if not any(
                re.search(rf"(?<![\w.]){re.escape(text[value.start : value.end])}(?!\w)", line) for line in lines
            )
        ]

    def _is_wanted(self, text: str, value: Value) -> bool:
        """Whether a value of the answer is one of the references, or holds one as the official rules look for it.

        A sign, as coordinates have one, is no part of a value.
        """
        said = text[value.start : value.end]
        return any(
            re.search(rf"(?<![\d.]){re.escape(reference.removeprefix('-'))}", said) is not None
            or any(value.same(other) for other in find_values(reference))
            for reference in self._wanted
        )

    def _other_names(self, answer: str, pages: Sequence[Page]) -> set[str]:
        named = [
            reference for reference in self._references if re.search(r"[^\W\d]{2}", reference) and len(reference) < 80
        ]
        if self._nothing or not named:
            return set()
        candidates = set().union(*(page.beside(reference) for page in pages for reference in named))
        rest = answer
        for reference in sorted(named, key=len, reverse=True):
            # "Lo" is no part of "Lou" where it is there by itself.
            whole = re.compile(_whole(reference), re.I)
            rest = whole.sub(" ", rest) if whole.search(rest) else re.sub(re.escape(reference), " ", rest, flags=re.I)
        found = {name for name in candidates if self._is_other(name, named) and re.search(_whole(name), rest)}
        shown = set().union(*(page.items for page in pages))
        details = {fold(line) for page in pages for line in page.lines_with(self._wanted)}
        return found | {
            item
            for item in map(str.strip, re.split(r"[\n,;•]| and | or ", rest))
            if item in shown and self._is_other(item, named) and not any(fold(item) in line for line in details)
        }

    def _is_other(self, name: str, named: Iterable[str]) -> bool:
        folded = fold(name)
        known = [self._intent, *map(fold, named)]
        return len(name) > 1 and not any(
            re.search(_whole(folded), text) or re.search(_whole(text), folded) for text in known
        )


def references(task: Task) -> Iterator[str]:
    """The references of the rules on the answer."""
    for check in task.spec.strings:
        yield from (check.references,) if isinstance(check.references, str) else check.references


def _result(guard: str, passed: bool, detail: str) -> CheckResult:
    return CheckResult(f"hardened: {guard}", passed, f"the answer: {detail}")


def _shown(found: Sequence[str]) -> str:
    return shorten(", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else ""))


def _whole(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def _runs(texts: Iterable[str], length: int) -> set[tuple[str, ...]]:
    split = [_WORD.findall(text) for text in texts]
    return {tuple(words[i : i + length]) for words in split for i in range(len(words) - length + 1)}


def _covered(said: Sequence[str], runs: set[tuple[str, ...]], length: int) -> set[int]:
    """The places of ``said`` that lie in one of the runs."""
    starts = (i for i in range(len(said) - length + 1) if tuple(said[i : i + length]) in runs)
    return {place for start in starts for place in range(start, start + length)}


def _kinds(text: str) -> Iterator[tuple[Value, str]]:
    """The values of a folded text, each with a finer kind: money and decimals are amounts, labelled numbers are ids."""
    last: tuple[int, str] = (-1, "")
    for value in find_values(text):
        said = text[value.start : value.end].lstrip("# ")
        kind: str = value.kind
        if kind == "money" or (kind == "number" and "." in said):
            kind = "amount"
        elif kind == "number":
            chained = last[1] == "id" and _CHAIN.fullmatch(text, last[0], value.start) is not None
            labelled = _ID_LABEL.search(text[: value.start]) or text[value.start] == "#" or re.match(r"0\d", said)
            kind = "id" if labelled or chained else "count"
        last = value.end, kind
        yield value, kind


def _sums_up(parts: Sequence[Value], wholes: Sequence[Value]) -> bool:
    """Whether durations or distances add up to one that is wanted, as the legs of a way do."""
    if len(parts) < 2 or {part.kind for part in parts} - {"duration", "distance"}:
        return False
    return any(whole.kind == parts[0].kind and sum(part.amount for part in parts) == whole.amount for whole in wholes)  # type: ignore[misc]


def _adds_up(equation: str) -> bool:
    """Whether both sides of ``1.20 + 3 = 4.20`` are equal."""
    left, _, right = equation.replace("$", "").replace(",", "").replace("×", "*").replace("x", "*").partition("=")
    try:
        return _calculate(ast.parse(left.strip(), mode="eval").body) == Decimal(right.strip())
    except (SyntaxError, ValueError, TypeError, DecimalException, RecursionError):
        return False


def _calculate(node: ast.expr) -> Decimal:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_calculate(node.left), _calculate(node.right))
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(str(node.value))
    raise ValueError("no sum")
