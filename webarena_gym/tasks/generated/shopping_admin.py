"""Errands in the shop's admin: look-ups, pages to show, changes, compositions of up to thirteen actions, and some that cannot be done.

Three families are held out of training: each asks for something that others teach in part.
"""

from __future__ import annotations

from . import shopping_admin_changes, shopping_admin_goods, shopping_admin_lookups

FAMILIES = (*shopping_admin_lookups.FAMILIES, *shopping_admin_goods.FAMILIES, *shopping_admin_changes.FAMILIES)
