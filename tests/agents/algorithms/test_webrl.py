"""WebRL's and MiRA's formulas against numbers worked out by hand, and which of r and r' enters where."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from webarena_gym.agents.algorithms.mira import MiRA, MiRAConfig, potential_shaping, progress_of
from webarena_gym.agents.algorithms.webrl import WebRL, WebRLConfig, divergence_loss, regression_loss
from webarena_gym.agents.algorithms.webrl_code import released_advantages, released_policy_loss
from webarena_gym.agents.candidate_policy import CandidatePolicy, CandidatePolicyConfig
from webarena_gym.agents.critics import critic_loss
from webarena_gym.agents.replay import ReplayBuffer, perplexities, pick_by_perplexity
from webarena_gym.agents.trajectory import Batch

from tests.agents.episodes import episode

SMALL = CandidatePolicyConfig(embedding=4, hidden=8)


class Numbers:
    """A critic that knows its numbers by the step in the observation."""

    def __init__(self, *values: float) -> None:
        self.values = values

    def __call__(self, states) -> np.ndarray:
        return np.array([self.values[len(state.actions)] for state in states])

    def fit(self, states, targets, random, *, epochs: int) -> float:
        self.fitted = targets
        return 0.0


def test_the_value_critic_takes_cross_entropy_on_the_outcome():
    # V = sigmoid(0) = 1/2 and sigmoid(log 3) = 3/4; outcomes 1 and 0: -(log 1/2 + log 1/4) / 2 = 1.5 log 2
    loss = critic_loss("probability", torch.tensor([0.0, math.log(3.0)]), torch.tensor([1.0, 0.0]))
    assert loss.item() == pytest.approx(1.5 * math.log(2))


def test_the_potential_critic_takes_squared_error_on_the_progress_label():
    # P = 1/2 and 3/4 against 1/2 and 1/4: (0 + 1/4) / 2 = 1/8
    loss = critic_loss("potential", torch.tensor([0.0, math.log(3.0)]), torch.tensor([0.5, 0.25]))
    assert loss.item() == pytest.approx(0.125)


def test_progress_labels_of_the_worked_example():
    # K = 3, t_1 = 2, t_2 = 4, H = 9, the last reached at the end.
    reached = [[t >= 2, t >= 4, t >= 9] for t in range(1, 10)]
    labels = progress_of(episode([0.0] * 8 + [1.0], reached=reached))
    np.testing.assert_allclose(labels[[0, 1, 2, 3, 4, 9]], [0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 1])


def test_paper_shaping_pays_the_change_of_the_potential():
    # 0.3 * (0.5 - 0.2) = 0.09; 0.3 * (1 - 0.5) = 0.15, the last step included
    shaping = potential_shaping(
        np.array([0.2, 0.5]), np.array([0.5, 1.0]), np.array([False, True]), scheme="paper", alpha=0.3, gamma=0.9
    )
    np.testing.assert_allclose(shaping, [0.09, 0.15])


def test_potential_based_shaping_discounts_and_ends_at_zero():
    # 0.3 * (0.9 * 0.5 - 0.2) = 0.075; 0.3 * (0 - 0.5) = -0.15
    potentials, after, ends = np.array([0.2, 0.5]), np.array([0.5, 1.0]), np.array([False, True])
    shaping = potential_shaping(potentials, after, ends, scheme="pbrs", alpha=0.3, gamma=0.9)
    np.testing.assert_allclose(shaping, [0.075, -0.15])


def test_discounted_potential_based_shaping_sums_to_minus_the_first_potential():
    # Telescoping: sum gamma^t alpha (gamma P_{t+1} - P_t) = -alpha P_0 = -0.3 * 0.2
    path = np.array([0.2, 0.7, 0.4, 0.9])
    ends = np.array([False, False, True])
    shaping = potential_shaping(path[:-1], path[1:], ends, scheme="pbrs", alpha=0.3, gamma=0.9)
    assert np.sum(0.9 ** np.arange(3) * shaping) == pytest.approx(-0.06)


def test_the_regression_moves_the_log_ratio_to_the_advantage_over_beta():
    # (0.5 * (-1 + 2) - 1)^2 = 0.25; (0.5 * 0 + 1)^2 = 1; mean 0.625
    loss = regression_loss(torch.tensor([-1.0, -3.0]), torch.tensor([-2.0, -3.0]), torch.tensor([1.0, -1.0]), beta=0.5)
    assert loss.item() == pytest.approx(0.625)
    least = regression_loss(torch.tensor([0.0]), torch.tensor([-2.0]), torch.tensor([1.0]), beta=0.5)
    assert least.item() == 0.0  # log-ratio 2 = 1 / 0.5


def test_the_divergence_is_least_at_the_same_target():
    # Two actions of reference probability 1/2 and advantages +-0.1, beta 0.1: pi* is e : 1/e, that is 0.8808 : 0.1192.
    def at(p: float) -> float:
        logprobs = torch.log(torch.tensor([p, 1 - p]))
        return divergence_loss(
            logprobs, torch.log(torch.tensor([0.5, 0.5])), torch.tensor([0.1, -0.1]), beta=0.1
        ).item()

    best = math.e / (math.e + 1 / math.e)
    assert at(best) < min(at(best - 0.02), at(best + 0.02))
    # Its value there: sum pi* (beta log(pi*/ref) - A) = -beta log Z, Z = (e + 1/e) / 2
    assert at(best) == pytest.approx(-0.1 * math.log((math.e + 1 / math.e) / 2), abs=1e-6)


def learner(algorithm, config, **critics):
    made = algorithm(CandidatePolicy(SMALL, seed=0), config, seed=0)
    for name, critic in critics.items():
        setattr(made, name, critic)
    return made


def test_webrl_takes_the_tasks_own_reward_alone():
    shaped = Batch.of([episode([0.0, 1.0], shaping=[0.5, 0.5])])
    made = learner(WebRL, WebRLConfig(), critic=Numbers(0.4, 0.6, 0.7))
    # gamma 0.9, lambda 0.5: 0.5 * (0 + 0.54 - 0.4) + 0.5 * (0.9 - 0.4) = 0.32; 0.5 * (1 - 0.6) + 0.5 * (1 - 0.6) = 0.4
    np.testing.assert_allclose(made._advantages(shaped), [0.32, 0.4])


@pytest.mark.parametrize(("advantage", "expected"), [("one_step", [0.14, 0.4]), ("return", [0.5, 0.4])])
def test_the_doubly_robust_advantage_can_be_switched_off(advantage, expected):
    made = learner(WebRL, WebRLConfig(advantage=advantage), critic=Numbers(0.4, 0.6, 0.7))
    np.testing.assert_allclose(made._advantages(Batch.of([episode([0.0, 1.0])])), expected)


def mira(**options) -> MiRA:
    made = learner(MiRA, MiRAConfig(**options), critic=Numbers(0.4, 0.6, 0.7), potential=Numbers(0.2, 0.5, 1.0))
    made._labelled.add([episode([1.0])])
    return made


def test_mira_adds_the_change_of_the_potential_to_the_one_step_half():
    # WebRL's 0.32 and 0.4, plus lambda * alpha * change: 0.5 * 0.3 * 0.3 = 0.045; 0.5 * 0.3 * 0.5 = 0.075
    advantages = mira()._advantages(Batch.of([episode([0.0, 1.0])]))
    np.testing.assert_allclose(advantages, [0.365, 0.475])


def test_mira_with_potential_based_shaping():
    # 0.32 + 0.5 * 0.3 * (0.9 * 0.5 - 0.2) = 0.3575; 0.4 + 0.5 * 0.3 * (0 - 0.5) = 0.325
    advantages = mira(shaping="pbrs")._advantages(Batch.of([episode([0.0, 1.0])]))
    np.testing.assert_allclose(advantages, [0.3575, 0.325])


def test_mira_without_a_potential_is_webrl():
    batch = Batch.of([episode([0.0, 1.0], shaping=[0.5, 0.5])])
    np.testing.assert_allclose(mira(shaping="none")._advantages(batch), [0.32, 0.4])


def test_mira_without_a_potential_trains_to_webrls_very_weights():
    def trained(kind, config) -> list[torch.Tensor]:
        made = kind(CandidatePolicy(SMALL, seed=0), config, seed=0)
        for number in range(2):  # the second update replays what the first remembered
            won = episode([0.0, 1.0], shaping=[0.5, 0.5], task_id=f"won-{number}", reached=[[True], [True]])
            made.update(Batch.of([won, episode([0.0, 0.0], success=False, task_id="lost", action="click(1)")]))
        return list(made.policy.parameters())

    webrl = trained(WebRL, WebRLConfig())
    bare, whole = (trained(MiRA, MiRAConfig(shaping=shaping)) for shaping in ("none", "paper"))
    assert all(torch.equal(a, b) for a, b in zip(webrl, bare, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(webrl, whole, strict=True))


def test_mira_can_take_the_envs_own_shaping_instead():
    batch = Batch.of([episode([0.0, 1.0], shaping=[0.2, 0.4])])
    # 0.32 + 0.5 * 0.2; 0.4 + 0.5 * 0.4
    np.testing.assert_allclose(mira(shaping="env")._advantages(batch), [0.42, 0.6])


def test_the_value_critic_is_fitted_to_the_outcome_whatever_the_shaping():
    made = mira()
    made._fit_critics(Batch.of([episode([0.0, 1.0], shaping=[9.0, 9.0]), episode([0.0], success=False)]))
    assert made.critic.fitted.tolist() == [1.0, 1.0, 0.0]


def test_the_potential_critic_sees_successes_only():
    made = mira()
    made._labelled.episodes.clear()
    made._fit_critics(Batch.of([episode([0.0, 0.0], success=False), episode([0.0, 1.0])]))
    assert made.potential.fitted.tolist() == [0.0, 0.5, 1.0]  # no milestones: t / H


def test_before_the_first_success_there_is_no_shaping():
    made = mira()
    made._labelled.episodes.clear()
    np.testing.assert_array_equal(made._rewards(Batch.of([episode([0.0], success=False)])), [0.0])


def test_alpha_falls_over_the_updates():
    made = mira(alpha=0.4, alpha_end=0.0, alpha_updates=4)
    made._updates.count = 1
    assert made.alpha == pytest.approx(0.3)
    made._updates.count = 9
    assert made.alpha == 0.0


def test_replay_keeps_the_newest_episodes_without_failures_of_the_machinery():
    buffer = ReplayBuffer(2)
    episodes = [episode([1.0], task_id=str(i)) for i in range(3)]
    broken = episode([0.0], task_id="broken")
    buffer.add([*episodes, type(broken)(**{**{f: getattr(broken, f) for f in broken.__slots__}, "infra_error": "x"})])
    assert [e.task_id for e in buffer.episodes] == ["1", "2"]


def test_perplexity_is_per_token():
    # exp(-log(0.25) / 2) = 2
    assert perplexities(np.log([0.25]), np.array([2.0])).tolist() == pytest.approx([2.0])


def test_the_perplexity_filter_keeps_the_middle_and_never_more_than_the_limit():
    perplexity = 1 / np.array([0.99, 0.95, 0.7, 0.5, 0.4])
    random = np.random.default_rng(0)
    kept = pick_by_perplexity(perplexity, low=1 / 0.95, high=1 / 0.5, limit=10, random=random)
    assert kept.tolist() == [1, 2, 3]
    assert len(pick_by_perplexity(perplexity, low=0.0, high=np.inf, limit=2, random=random)) == 2


def test_replayed_actions_are_at_most_twice_the_new_ones():
    made = learner(WebRL, WebRLConfig(perplexity_low=0.0, perplexity_high=np.inf), critic=Numbers(*[0.5] * 20))
    made._successes.add([episode([0.0] * 9 + [1.0], task_id=str(i)) for i in range(3)])
    assert made.update(Batch.of([episode([0.0, 1.0])]))["replayed"] == 4.0


def test_the_released_advantage_adds_difference_reward_and_return():
    # 0.6 - 0.4 - 0.05 + 0 + 0.9 = 1.05, clipped to 1; 0.7 - 0.6 - 0.05 + 1 + 1 = 2.05, clipped; a failure: 0.1 - 0.3 - 0.05
    batch = Batch.of([episode([0.0, 1.0]), episode([0.0], success=False)])
    values, after = np.array([0.4, 0.6, 0.3]), np.array([0.6, 0.7, 0.1])
    np.testing.assert_allclose(released_advantages(batch, values, after, gamma=0.9), [1.0, 1.0, -0.25])


def test_the_released_loss_pulls_positive_actions_towards_one():
    # Two positive actions of one token: log-ratios 0.4 / 2 = 0.2 and 0; the second's reference is sure (0.9), so beta 5.
    # Third: not positive. SmoothL1(0.2, 1) = 0.8^2 / 2 = 0.32; SmoothL1(0, 1) / 5 = 0.1; (0.32 + 0.1 + 0) / 3 = 0.14
    reference = torch.tensor([math.log(0.5), math.log(0.9), -3.0])
    logprobs = reference + torch.tensor([0.4, 0.0, 7.0])
    loss = released_policy_loss(logprobs, reference, torch.ones(3), torch.tensor([True, True, False]))
    assert loss.item() == pytest.approx(0.14)


def test_the_released_beta_never_overshoots_the_target():
    # Log-ratio 0.5, sure reference: beta = min(5, 1 / 0.5) = 2, and SmoothL1(2 * 0.5, 1) = 0.
    reference = torch.tensor([math.log(0.9)])
    loss = released_policy_loss(reference + 0.5, reference, torch.ones(1), torch.tensor([True]))
    assert loss.item() == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    "wrong", [{"advantage": "all"}, {"objective": "huber"}, {"beta": 0.0}, {"lambda_": 2.0}, {"shaping": "x"}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong)).strip("_")):
        MiRAConfig(**wrong)
