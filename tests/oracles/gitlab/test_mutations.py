from __future__ import annotations

from ..mutations import MutationChecks
from .expected import ANY_WILL_DO, EXPECTED, NOTHING_READ
from .mutation import mutated_facts


class TestGitLabMutations(MutationChecks):
    site = "gitlab"
    mutated_facts = staticmethod(mutated_facts)
    expected = EXPECTED
    nothing_read = NOTHING_READ
    any_will_do = ANY_WILL_DO
