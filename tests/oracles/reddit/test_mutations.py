from __future__ import annotations

from webarena_gym.sites.reddit.seeding.seeds import read_json

from ..mutations import MutationChecks
from .expected import ANY_WILL_DO, EXPECTED, NOTHING_READ
from .mutation import mutated_facts


class TestRedditMutations(MutationChecks):
    site = "reddit"
    mutated_facts = staticmethod(mutated_facts)
    expected = EXPECTED
    nothing_read = NOTHING_READ
    any_will_do = ANY_WILL_DO

    def test_authors_move_in_a_copy(self) -> None:
        def forums(facts: dict) -> list[str]:
            return [post["forum"] for post in facts["submissions"] if post["author"] == "CameronKelsey"]

        before = forums(read_json("facts.json"))
        assert forums(mutated_facts(0)) != before
        assert forums(read_json("facts.json")) == before
