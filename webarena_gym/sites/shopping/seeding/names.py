"""Addresses and article numbers derived from names and ids, the same in every process."""

from __future__ import annotations

_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SKU_SPACE = 36**8
_MULTIPLIER = 1_000_000_007  # odd and no multiple of 3, so multiplying permutes the numbers below 36**8


def scrambled(number: int) -> int:
    """A number below 36**8 that belongs to no other ``number`` below it; used wherever order should look accidental."""
    return number * _MULTIPLIER % _SKU_SPACE


def sku(product_id: int) -> str:
    """A ten-character article number for a product that has none of its own.

    >>> sku(1), sku(2)
    ('B000GJDGXZ', 'B000X2QXVY')
    """
    value, digits = scrambled(product_id), ""
    for _ in range(8):
        value, digit = divmod(value, 36)
        digits = _BASE36[digit] + digits
    return "B0" + digits
