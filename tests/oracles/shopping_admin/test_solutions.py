from __future__ import annotations

from ..solutions import SolutionChecks


class TestShoppingAdminSolutions(SolutionChecks):
    site = "shopping_admin"
    task_count = 35
    # One for each rule: exact_match, must_include, fuzzy_match, url_match, pages fetched, the live page with an address.
    one_of_a_kind = (27, 47, 48, 40, 107, 149)
