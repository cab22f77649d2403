"""Errors that worker processes raise reach whoever waits for them."""

from __future__ import annotations

import pickle

import pytest
from webarena_gym.agents.rerun import RerunDiffers

from reward_wrappers.errors import PredicateError, RewardWrapperError
from webarena_gym.errors import (
    ElementNotFound,
    MissingDependency,
    NavigationRefused,
    SiteError,
    UnknownTask,
    WebArenaGymError,
)


@pytest.mark.parametrize(
    "error",
    [
        ElementNotFound(7, "http://shopping.test/", 3),
        NavigationRefused("http://elsewhere.test/", ["http://shopping.test"]),
        MissingDependency("openai", "chat", "an endpoint"),
        RerunDiffers("observation", 2, "a", "b"),
        SiteError("HTTP 500"),
        PredicateError("the cart", "raised KeyError: 'url'", at_reset=True),
        UnknownTask("no task 999"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_the_same_after_a_pickle(error: WebArenaGymError | RewardWrapperError) -> None:
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error) and str(copied) == str(error) and vars(copied) == vars(error)
