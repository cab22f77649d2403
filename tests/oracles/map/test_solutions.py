from __future__ import annotations

from ..solutions import SolutionChecks


class TestMapSolutions(SolutionChecks):
    site = "map"
    task_count = 26
    # One for each rule: must_include, fuzzy_match, url_match, the live page.
    one_of_a_kind = (12, 53, 90, 159)
