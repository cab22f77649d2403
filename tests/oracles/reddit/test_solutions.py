from __future__ import annotations

from ..solutions import SolutionChecks


class TestRedditSolutions(SolutionChecks):
    site = "reddit"
    task_count = 19
    # One for each rule: fuzzy_match, must_include, a vote fetched, a post fetched, the live page with an address.
    one_of_a_kind = (5, 14, 98, 133, 141)
