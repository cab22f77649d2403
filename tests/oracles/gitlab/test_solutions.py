from __future__ import annotations

from ..solutions import SolutionChecks


class TestGitLabSolutions(SolutionChecks):
    site = "gitlab"
    task_count = 30
    # One for each rule: exact_match, must_include, fuzzy_match, url_match, pages fetched, the live page with an address.
    one_of_a_kind = (34, 45, 81, 25, 112, 143)
    # The official rule for task 81 has a text where its code wants a list.
    unsolved_when_strict = (81,)
