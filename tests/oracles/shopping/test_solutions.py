from __future__ import annotations

from ..solutions import SolutionChecks


class TestShoppingSolutions(SolutionChecks):
    site = "shopping"
    task_count = 45
    # One for each rule: exact_match, must_include, fuzzy_match, url_match, pages fetched, the live page with an address.
    one_of_a_kind = (74, 46, 84, 77, 104, 142)
    # The official rule wants the answer to task 94 to hold the words "65 |OR| 3", which no honest answer does.
    unsolved_when_strict = (94,)
