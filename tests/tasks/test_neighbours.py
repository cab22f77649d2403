"""Tasks near a failed one: nearby parameters, shorter and longer errands."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from webarena_gym.agents.curriculum import installed_neighbours

from webarena_gym.tasks.generated import families
from webarena_gym.tasks.generated.neighbours import CHAINS, neighbours

BY_NAME = {family.name: family for family in families()}


def test_chains_name_families_to_train_on_each_once_on_one_site():
    names = [name for chain in CHAINS for name in chain]
    assert set(names) <= set(BY_NAME) and max(Counter(names).values()) == 1
    assert not any(BY_NAME[name].heldout for name in names)
    assert all(len({BY_NAME[name].sites for name in chain}) == 1 for chain in CHAINS)


def test_errands_of_a_chain_grow_and_every_site_has_some():
    grown = [(BY_NAME[a].length, BY_NAME[b].length) for chain in CHAINS for a, b in pairwise(chain)]
    assert sum(longer >= shorter for shorter, longer in grown) >= 0.8 * len(grown)
    assert all(BY_NAME[chain[0]].length <= BY_NAME[chain[-1]].length for chain in CHAINS)
    assert {BY_NAME[chain[0]].sites for chain in CHAINS} == {("shopping",), ("shopping_admin",), ("gitlab",), ("map",), ("reddit",)}  # fmt: skip


def test_near_are_nearby_numbers_and_the_families_beside_it():
    near = neighbours("cart_pair-000005")
    count = Counter(task.rpartition("-")[0] for task in near)
    # Of its own family 0 to 35 without 5; of each neighbour 0 to 15.
    assert count == {"cart_pair": 35, "cart_add": 16, "cart_coupon": 16}
    assert "cart_pair-000005" not in near and "cart_pair-000035" in near and "cart_add-000005" in near
    assert set(Counter(task.rpartition("-")[0] for task in neighbours("text_post-000100"))) == {"text_post"}
    assert neighbours(36) == []


def test_training_asks_this_function():
    assert installed_neighbours() is neighbours
