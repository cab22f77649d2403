from __future__ import annotations

from webarena_gym.sites.shopping.seeding.facts import read_json

from ..mutations import MutationChecks
from .expected import ABSENT, ANY_WILL_DO, EXPECTED, NOTHING_READ
from .mutation import mutated_facts


class TestShoppingMutations(MutationChecks):
    site = "shopping"
    mutated_facts = staticmethod(mutated_facts)
    expected = EXPECTED
    nothing_read = NOTHING_READ
    absent = ABSENT
    any_will_do = ANY_WILL_DO

    def test_prices_are_changed_in_a_copy(self) -> None:
        before = read_json("facts.json")["products"]["cards_40"]["price"]
        assert mutated_facts(0)["products"]["cards_40"]["price"] != before
        assert read_json("facts.json")["products"]["cards_40"]["price"] == before
