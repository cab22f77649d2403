"""Arithmetic for the calculator page: numbers, + - * /, brackets and signs, in exact decimal arithmetic.

A parser of its own, so that nothing typed is ever evaluated as code. No powers and no functions.
"""

from __future__ import annotations

import re
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

MAX_CHARS = 200
_MAX_DEPTH = 40
_DIGITS = 16  # significant ones of a result
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d*)?|\.\d+)|([-+*/()×÷]))")
_SAME = {"×": "*", "÷": "/"}


class ExpressionError(ValueError):
    """The text is no expression, or it has no value; the message says what is wrong with it."""


def calculate(text: str) -> str:
    """The value of an expression.

    >>> calculate("2 * (3 + 4.5)"), calculate("-1/8"), calculate("0.1 + 0.2")
    ('15', '-0.125', '0.3')

    Raises:
        ExpressionError: it is longer than ``MAX_CHARS``, no expression, or divides by zero.
    """
    if len(text) > MAX_CHARS:
        raise ExpressionError(f"an expression has at most {MAX_CHARS} characters")
    with localcontext(prec=_DIGITS):
        try:
            value = _Parser(_tokens(text)).whole()
        except DivisionByZero:
            raise ExpressionError("nothing can be divided by zero") from None
        except (InvalidOperation, Overflow):
            raise ExpressionError("the result is no number") from None
    return f"{value.normalize():f}" if value else "0"


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ExpressionError(f"{text[place:].strip()[:1]!r} is no part of an expression")
        tokens.append(match[1] or _SAME.get(match[2], match[2]))
        place = match.end()
    return tokens


class _Parser:
    """sum = product {("+" | "-") product}; product = factor {("*" | "/") factor}; factor = ["+" | "-"] (number | "(" sum ")")"""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._place, self._depth = tokens, 0, 0

    def whole(self) -> Decimal:
        value = self._sum()
        if self._place < len(self._tokens):
            raise ExpressionError(f"{self._tokens[self._place]!r} stands where nothing can")
        return value

    def _take(self, *wanted: str) -> str:
        token = self._tokens[self._place] if self._place < len(self._tokens) else ""
        if token and token in wanted:
            self._place += 1
            return token
        return ""

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._take("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Decimal:
        value = self._factor()
        while sign := self._take("*", "/"):
            value = value * self._factor() if sign == "*" else value / self._factor()
        return value

    def _factor(self) -> Decimal:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ExpressionError("there are too many brackets or signs within each other")
        try:
            if sign := self._take("+", "-"):
                return self._factor() if sign == "+" else -self._factor()
            if self._take("("):
                value = self._sum()
                if not self._take(")"):
                    raise ExpressionError("a bracket is not closed")
                return value
            return self._number()
        finally:
            self._depth -= 1

    def _number(self) -> Decimal:
        if self._place == len(self._tokens):
            raise ExpressionError("something is missing at the end")
        token = self._tokens[self._place]
        if not token[0].isdigit() and token[0] != ".":
            raise ExpressionError(f"a number is missing before {token!r}")
        self._place += 1
        return Decimal(token)
