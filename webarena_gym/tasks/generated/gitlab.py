"""Errands in GitLab: look-ups, pages to show, changes, compositions of two to seventeen actions, and some that cannot be done.

Three families are held out of training: each asks for something that others teach in part.
"""

from __future__ import annotations

from . import gitlab_account, gitlab_changes, gitlab_infeasible, gitlab_lookups

FAMILIES = (*gitlab_lookups.FAMILIES, *gitlab_infeasible.FAMILIES, *gitlab_changes.FAMILIES, *gitlab_account.FAMILIES)
