"""Errands in the shop: look-ups, pages to show, changes, compositions of two to fifteen actions, and some that cannot be done.

Four families are held out of training: each asks for something that others teach in part.
"""

from __future__ import annotations

from . import shopping_account, shopping_lookups, shopping_navigation, shopping_purchases

FAMILIES = (
    *shopping_lookups.FAMILIES,
    *shopping_navigation.FAMILIES,
    *shopping_purchases.FAMILIES,
    *shopping_account.FAMILIES,
)
