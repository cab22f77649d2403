from __future__ import annotations

from ..mutations import MutationChecks
from .expected import EXPECTED, NOTHING_READ
from .mutation import mutated_facts


class TestMapMutations(MutationChecks):
    site = "map"
    mutated_facts = staticmethod(mutated_facts)
    expected = EXPECTED
    nothing_read = NOTHING_READ
    absent = (91,)
