"""Errands in the forum: look-ups, pages to show, changes, compositions of two to thirteen actions, and some that cannot be done.

Four families are held out of training: each asks for something that others teach in part.
"""

from __future__ import annotations

from . import reddit_changes, reddit_lookups

FAMILIES = (*reddit_lookups.FAMILIES, *reddit_changes.FAMILIES)
