"""The small policy: what it may see, what its numbers mean, and that it learns what carries over."""

from __future__ import annotations

from itertools import islice

import numpy as np
import torch
from webarena_gym.agents.algorithms.ppo import PPO, PPOConfig
from webarena_gym.agents.candidate_policy import CandidatePolicy, CandidatePolicyConfig
from webarena_gym.agents.features import Featurizer, url_words
from webarena_gym.agents.history import events_of
from webarena_gym.agents.rollout import InProcessCollector, episode_requests
from webarena_gym.agents.trajectory import Batch, State

from tests.agents.fakes import TinyShop, observation_text

PAGE = observation_text(
    "Open the cart", 1, "http://a.test/x", ['[1] link "Cart" [2] link "Help" [3] searchbox "Search"']
)


def randoms(count: int, seed: int = 0) -> list[np.random.Generator]:
    return [np.random.default_rng([seed, i]) for i in range(count)]


def test_probabilities_add_up_to_one():
    policy = CandidatePolicy(seed=0)
    logprobs, features = policy.logits([State((PAGE,))])
    assert torch.isclose(logprobs.exp().sum(), torch.tensor(1.0), atol=1e-6)
    assert logprobs.shape == (1, len(features[0].actions))


def test_the_log_probability_of_a_sample_is_its_score():
    policy = CandidatePolicy(seed=0)
    states = [State((PAGE,))] * 6
    samples = policy.sample(states, randoms(6))
    scores = policy.score(states, [s.text for s in samples])
    np.testing.assert_allclose(scores.action_logprobs.tolist(), [s.logprob for s in samples], atol=1e-5)


def test_samples_are_as_frequent_as_their_probability():
    policy = CandidatePolicy(seed=0)
    count = 4000
    samples = policy.sample([State((PAGE,))] * count, randoms(count))
    frequency = np.mean([s.text == "click(1)" for s in samples])
    probability = np.exp(policy.score([State((PAGE,))], ["click(1)"]).action_logprobs.item())
    # Four standard errors of a frequency: sqrt(p (1 - p) / n).
    assert abs(frequency - probability) < 4 * np.sqrt(probability * (1 - probability) / count)


def test_temperature_zero_takes_the_most_probable():
    policy = CandidatePolicy(seed=0)
    logprobs, features = policy.logits([State((PAGE,))])
    best = features[0].actions[int(logprobs.argmax())]
    assert {s.text for s in policy.sample([State((PAGE,))] * 5, randoms(5), temperature=0.0)} == {best}


def test_an_untrained_policy_prefers_what_the_goal_speaks_of():
    scores = CandidatePolicy(seed=0).score([State((PAGE,))] * 2, ["click(1)", "click(2)"])
    assert scores.action_logprobs[0] > scores.action_logprobs[1]


def test_what_was_tried_in_vain_becomes_less_likely():
    policy = CandidatePolicy(seed=0)
    fresh, again = State((PAGE,)), State((PAGE, PAGE), ("click(1)",))
    before, after = policy.score([fresh, again], ["click(1)", "click(1)"]).action_logprobs.tolist()
    assert after < before - 1


def test_an_answer_without_its_currency_sign_is_the_same_answer():
    state = State((observation_text("What does it cost?", 1, "http://a.test/", ["Price: $1,234.50", "Weight: 3 kg"]),))
    scores = CandidatePolicy(seed=0).score([state] * 3, ['stop("$1,234.50")', 'stop("1234.50")', 'stop("12.50")'])
    assert scores.known.tolist() == [True, True, False]
    assert scores.action_logprobs[0] == scores.action_logprobs[1]


def test_another_spelling_of_an_action_is_the_same_action():
    policy = CandidatePolicy(seed=0)
    scores = policy.score([State((PAGE,))] * 2, ["click(1)", "click [1]"])
    assert scores.action_logprobs[0] == scores.action_logprobs[1]


def test_an_action_that_is_no_candidate_is_marked_unknown():
    scores = CandidatePolicy(seed=0).score([State((PAGE,))] * 3, ["click(99)", "not an action", "click(2)"])
    assert scores.known.tolist() == [False, False, True]
    assert scores.action_logprobs.tolist()[:2] == [0.0, 0.0]


def test_equal_seeds_give_equal_weights_and_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    one, two, other = CandidatePolicy(seed=1), CandidatePolicy(seed=1), CandidatePolicy(seed=2)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_weights_come_back_from_their_state_dict():
    one, two = CandidatePolicy(seed=1), CandidatePolicy(seed=2)
    with torch.no_grad():
        one.net.out.weight.fill_(0.3)
    two.load_state_dict(one.state_dict())
    assert torch.equal(one.logits([State((PAGE,))])[0], two.logits([State((PAGE,))])[0])


def test_the_cache_changes_nothing():
    state = State((PAGE, PAGE.replace("step 1", "step 2")), ("click(2)",))
    warm = Featurizer()
    warm(State((PAGE,)))
    cold, again = Featurizer(cache_states=1)(state), warm(state)
    for one, two in zip(cold, again, strict=True):
        np.testing.assert_array_equal(
            np.hstack(one) if isinstance(one, tuple) else one, np.hstack(two) if isinstance(two, tuple) else two
        )


def test_renamed_entities_leave_the_features_as_they_were():
    def page(name: str) -> State:
        return State((observation_text(f'Buy "{name}"', 0, "http://a.test/", [f'[1] link "{name}" [2] link "Help"']),))

    one, two = Featurizer()(page("red lamp")), Featurizer()(page("old sofa"))
    np.testing.assert_array_equal(one.dense, two.dense)
    np.testing.assert_array_equal(one.names.ids, two.names.ids)
    np.testing.assert_array_equal(one.goal, two.goal)


def test_numbers_in_an_address_do_not_matter():
    assert (
        url_words("http://a.test/order/view/17?p=2") == url_words("http://a.test/order/view/999?p=3") == "order view p"
    )


def test_past_actions_are_read_from_the_observations():
    second = observation_text("Open the cart", 2, "http://a.test/cart", ['[1] link "Home"'])
    events = events_of(State((PAGE, second, second), ('fill(3, "tea", enter=True)', "click(1)")))
    assert [(e.kind, e.name, e.argument, e.changed) for e in events] == [
        ("fill", "Search", "tea", True),
        ("click", "Home", "", False),
    ]


def test_a_page_without_elements_still_offers_to_stop():
    state = State((observation_text("Go", 0, "http://a.test/", []),))
    assert CandidatePolicy(seed=0).sample([state], randoms(1), temperature=0.0)[0].text.startswith("stop")


def test_it_learns_what_carries_over_to_names_it_never_saw():
    policy = CandidatePolicy(CandidatePolicyConfig(hidden=32), seed=0)
    learner = PPO(policy, PPOConfig(), seed=0)
    training = InProcessCollector([TinyShop() for _ in range(8)])
    requests = episode_requests(0)
    while training.env_steps < 2500:
        learner.update(Batch.of(training.collect(policy, list(islice(requests, 16)))))
    evaluation = InProcessCollector([TinyShop(val=True) for _ in range(8)])
    played = evaluation.collect(policy, list(islice(episode_requests(99), 60)), temperature=0.0)
    # An untrained policy solves none of them; three in four leaves room for a bad draw of 60.
    assert np.mean([t.success for t in played]) > 0.75
