"""``LLMPolicy`` on a tiny Gemma 3 (random weights, real architecture), and on Gemma 3 270M from its package.

The 270M model is loaded once for the whole session; it plays an episode and takes a MiRA step, and its sampled and re-scored
log-probabilities are compared.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from webarena_gym.agents.algorithms.registry import default_config, make_algorithm
from webarena_gym.agents.critics import TrainedCritic
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_generation import pad_left
from webarena_gym.agents.llm_loading import ModelError, load_model
from webarena_gym.agents.llm_policy import LLMPolicy
from webarena_gym.agents.llm_served import ServedWriter
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.train import train
from webarena_gym.agents.train_config import TrainConfig
from webarena_gym.agents.trajectory import Batch, State

from tests.agents.episodes import episode
from tests.agents.fakes import TinyShop, observation_text
from tests.agents.token_server import serving
from webarena_gym.actions import parse_action

CLOSE = 1e-4  # nats, in float32


def config(**changes) -> LLMPolicyConfig:
    values = {"model": "tiny-gemma3", "max_prompt_tokens": 900, "max_action_tokens": 24, "micro_batch": 2}
    return LLMPolicyConfig(**{**values, **changes})


def state(links: int, name: str = "Cart", goal: str = "Open the cart") -> State:
    lines = [f'[{i}] link "{name} {i}"' for i in range(1, links + 1)]
    return State((observation_text(goal, 0, "http://a.test/", lines),))


STATES = [state(3), state(12, "Help"), state(40, "Sale"), state(1)]
ACTIONS = ["click(3)", 'stop("It costs 12.50")', 'fill(4, "red mug", enter=True)', "back()"]


def some(which: str) -> slice:
    """All four states for the tiny model, two short ones for the real one."""
    return slice(None) if which == "policy" else slice(0, 4, 3)


def randoms(count: int = 4) -> list[np.random.Generator]:
    return [np.random.default_rng(seed) for seed in range(count)]


@pytest.fixture(scope="module")
def policy() -> LLMPolicy:
    return LLMPolicy(config(), seed=1)


@pytest.fixture(scope="module")
def gemma() -> Iterator[LLMPolicy]:
    torch.set_num_threads(os.cpu_count() or 1)  # a real model: all cores, and its sums are not compared across runs
    yield LLMPolicy(
        LLMPolicyConfig(model="gemma-3-270m", lora_rank=4, max_prompt_tokens=700, max_action_tokens=24, micro_batch=2)
    )


def logprobs(policy: LLMPolicy, states, actions) -> Tensor:
    with torch.no_grad():
        return policy.score(states, actions).action_logprobs


@pytest.mark.parametrize("which", ["policy", "gemma"])
def test_sampled_and_rescored_logprobs_agree(which, request):
    policy, states = request.getfixturevalue(which), STATES[some(which)]
    samples = policy.sample(states, randoms(len(states)))
    with torch.no_grad():
        scores = policy.score(states, [s.text for s in samples])
    for sample, row, mask in zip(samples, scores.logprobs, scores.mask, strict=True):
        own = row[mask].tolist()
        assert own == pytest.approx(list(sample.token_logprobs), abs=CLOSE)
        assert sum(own) == pytest.approx(sample.logprob, abs=CLOSE * len(own))


@pytest.mark.parametrize("which", ["policy", "gemma"])
def test_padding_and_order_of_a_batch_change_nothing(which, request):
    policy, states, actions = request.getfixturevalue(which), STATES[some(which)], ACTIONS[some(which)]
    together = logprobs(policy, states, actions)
    alone = torch.cat([logprobs(policy, [s], [a]) for s, a in zip(states, actions, strict=True)])
    turned = logprobs(policy, states[::-1], actions[::-1]).flip(0)
    torch.testing.assert_close(together, alone, atol=10 * CLOSE, rtol=0)
    torch.testing.assert_close(together, turned, atol=10 * CLOSE, rtol=0)


@pytest.mark.parametrize("which", ["policy", "gemma"])
def test_reading_the_prompt_once_for_several_actions_changes_nothing(which, request):
    policy, actions = request.getfixturevalue(which), ACTIONS[some(which)]
    shared = policy.score_actions(STATES[0], actions)
    apart = logprobs(policy, [STATES[0]] * len(actions), actions)
    torch.testing.assert_close(shared.clone(), apart, atol=10 * CLOSE, rtol=0)


def test_an_episode_draws_the_same_whoever_plays_beside_it(policy):
    together = policy.sample(STATES, randoms())
    alone = [policy.sample([s], [r])[0] for s, r in zip(STATES, randoms(), strict=True)]
    assert [s.text for s in together] == [s.text for s in alone]


def test_temperature_0_takes_the_most_probable_and_needs_no_random_number(policy):
    one, two = (policy.sample(STATES[:1], [np.random.default_rng(seed)], temperature=0.0)[0].text for seed in (1, 2))
    assert one == two


def test_constrained_actions_always_parse():
    constrained = LLMPolicy(config(constrained=True, max_action_tokens=64), seed=1)
    many = [np.random.default_rng(seed) for seed in range(12)]
    samples = constrained.sample([STATES[0]] * 12, many)
    assert all(parse_action(s.text) is not None for s in samples)
    assert len({s.text.split("(")[0] for s in samples}) > 3  # not one and the same way out


def test_an_untrained_adapter_changes_nothing_and_equal_seeds_are_equal():
    bare = LLMPolicy(config(lora_rank=0))
    one, two = LLMPolicy(config(), seed=3), LLMPolicy(config(), seed=3)
    torch.testing.assert_close(logprobs(bare, STATES, ACTIONS), logprobs(one, STATES, ACTIONS))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert 0 < sum(p.numel() for p in one.parameters()) < sum(p.numel() for p in bare.parameters())


def trained(policy: LLMPolicy, steps: int = 3) -> LLMPolicy:
    optimizer = torch.optim.Adam(policy.parameters(), lr=5e-3)
    for _ in range(steps):
        optimizer.zero_grad()
        (-policy.score(STATES, ACTIONS).action_logprobs.mean()).backward()
        optimizer.step()
    return policy


@pytest.mark.parametrize("checkpointing", [False, True])
def test_gradients_of_pieces_are_those_of_the_whole(checkpointing):
    whole, pieces = (LLMPolicy(config(micro_batch=n, gradient_checkpointing=checkpointing), seed=1) for n in (4, 1))
    for policy in (whole, pieces):
        trained(policy, 1)  # off the start, where one half of each adapter has no gradient
        policy.model.zero_grad()
        (-policy.score(STATES, ACTIONS).action_logprobs.mean()).backward()
    for a, b in zip(whole.parameters(), pieces.parameters(), strict=True):
        torch.testing.assert_close(a.grad, b.grad, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("rank", [4, 0])
def test_weights_come_back_from_a_state_dict(rank):
    before = trained(LLMPolicy(config(lora_rank=rank), seed=1))
    after = LLMPolicy(config(lora_rank=rank), seed=2)
    after.load_state_dict(before.state_dict())
    torch.testing.assert_close(logprobs(before, STATES, ACTIONS), logprobs(after, STATES, ACTIONS))
    with pytest.raises(ValueError, match="another model or rank"):
        LLMPolicy(config(lora_rank=2)).load_state_dict(before.state_dict())


def test_adapters_are_saved_loaded_and_merged(tmp_path: Path):
    from peft import PeftModel

    policy = trained(LLMPolicy(config(), seed=1))
    wanted = logprobs(policy, STATES, ACTIONS)
    policy.save_adapter(tmp_path / "adapter")
    bare = load_model(config())
    again = LLMPolicy(
        config(lora_rank=0),
        loaded=bare._replace(model=PeftModel.from_pretrained(bare.model, str(tmp_path / "adapter"))),
    )
    torch.testing.assert_close(logprobs(again, STATES, ACTIONS), wanted, atol=CLOSE, rtol=0)
    policy.save_merged(tmp_path / "merged")
    merged = LLMPolicy(config(model=str(tmp_path / "merged"), lora_rank=0))
    torch.testing.assert_close(logprobs(merged, STATES, ACTIONS), wanted, atol=10 * CLOSE, rtol=0)
    torch.testing.assert_close(logprobs(policy, STATES, ACTIONS), wanted, atol=CLOSE, rtol=0)  # merging was undone


def saved_bytes(policy: LLMPolicy) -> int:
    """Of the activations that one piece of a scoring pass keeps for its backward pass."""
    weights = {p.untyped_storage().data_ptr() for p in policy.model.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    batch = pad_left([policy.prompts.ids(STATES[0])], 0, "cpu")
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        held = policy._token_logprobs(batch, 3, torch.tensor([3]), "default")  # so that no storage is used twice
    assert held[0].requires_grad
    return sum(size for place, size in kept.items() if place not in weights)


def test_gradient_checkpointing_keeps_little_more_than_the_inputs_of_the_layers():
    usual, checkpointed = (LLMPolicy(config(gradient_checkpointing=on), seed=1) for on in (False, True))
    tokens = len(usual.prompts.ids(STATES[0]))
    inputs = 4 * tokens * 64 * 4  # four layers, vectors of 64 float32
    logits = 4 * len(usual.tokenizer) * 4 * 4  # of four tokens, four times over
    assert inputs < saved_bytes(checkpointed) < 1.5 * inputs + logits
    assert saved_bytes(usual) > 5 * saved_bytes(checkpointed)


def test_a_checkpointed_critic_learns_what_a_plain_one_does():
    """Its layers run again when the policy's adapter is the active one, and must not use that."""
    losses = []
    for on in (False, True):
        policy = LLMPolicy(config(gradient_checkpointing=on), seed=1)
        trained(policy, 1)
        critic = TrainedCritic(policy, "probability", learning_rate=5e-3, seed=5)
        losses.append([critic.step(STATES, np.array([0.0, 1.0, 0.0, 1.0])) for _ in range(4)])
    assert losses[0] == pytest.approx(losses[1], abs=1e-4) and losses[0][-1] < losses[0][0]


@pytest.mark.parametrize("rank", [4, 0])
def test_a_critic_learns_and_leaves_the_policy_alone(rank):
    policy = LLMPolicy(config(lora_rank=rank), seed=1)
    before = logprobs(policy, STATES, ACTIONS)
    critic = TrainedCritic(policy, "probability", learning_rate=5e-3 if rank else 2e-2, seed=5)
    assert critic(STATES).tolist() == [0.5] * 4
    targets = np.array([0.0, 1.0, 0.0, 1.0])
    losses = [critic.step(STATES, targets) for _ in range(12)]
    assert losses[0] == pytest.approx(np.log(2), abs=1e-5) and min(losses[-5:]) < 0.5 * losses[0]
    torch.testing.assert_close(logprobs(policy, STATES, ACTIONS), before)


def test_two_critics_are_two_functions_on_one_backbone():
    policy = LLMPolicy(config(), seed=1)
    value, potential = (TrainedCritic(policy, "potential", learning_rate=2e-2, seed=s) for s in (1, 2))
    kept = potential(STATES)
    for _ in range(3):
        value.step(STATES, np.ones(4))
    assert potential(STATES).tolist() == kept.tolist() and (value(STATES) > kept).all()
    value_again = TrainedCritic(LLMPolicy(config(), seed=1), "potential", learning_rate=2e-2, seed=9)
    value_again.load_state_dict(value.state_dict())
    assert value_again(STATES) == pytest.approx(value(STATES), abs=1e-6)


@pytest.mark.parametrize("which", ["policy", "gemma"])
def test_a_mira_step_lowers_its_loss(which, request):
    base = request.getfixturevalue(which)
    policy = LLMPolicy(base.config, seed=1) if which == "policy" else base
    settings = default_config(
        "mira", learning_rate=1e-2 if which == "policy" else 1e-4, minibatch=4, critic_epochs=1, potential_epochs=1, epochs=3
    )  # fmt: skip
    learner = make_algorithm("mira", policy, settings, seed=0)
    good = episode([1.0], reached=[[True]], env_seed=1)
    bad = episode([0.0], success=False, action="click(1)", env_seed=2)
    metrics = learner.update(Batch.of([good, bad]))
    # Before the first step pi is pi_ref, so the loss is the mean of A^2; the one reported is that of the third pass.
    assert metrics["policy_loss"] < metrics["advantage_mean"] ** 2 + metrics["advantage_std"] ** 2
    assert metrics["potential_loss"] >= 0 and metrics["critic_loss"] > 0


@pytest.mark.parametrize("which", ["policy", "gemma"])
def test_it_plays_an_episode(which, request):
    policy = request.getfixturevalue(which)
    collector = InProcessCollector([TinyShop(max_steps=2)])
    (played,) = collector.collect(policy, [EpisodeRequest(1, 1)])
    assert len(played.steps) >= 1 and played.infra_error is None
    assert all(s.token_logprobs and sum(s.token_logprobs) == pytest.approx(s.logprob) for s in played.steps)


def test_the_training_command_trains_it_like_any_policy(tmp_path: Path):
    settings = TrainConfig(
        algorithm="webrl", env_steps=6, eval_episodes=0, num_envs=2, max_steps=3, checkpoint_every=3,
        policy=config(max_action_tokens=16), options={"episodes_per_update": 2, "minibatch": 2},
    )  # fmt: skip
    result = train(settings, lambda tasks: TinyShop(max_steps=3), out=tmp_path / "run")
    assert result.env_steps >= 6 and isinstance(result.policy, LLMPolicy)
    assert TrainConfig.from_json(result.config.to_json()) == settings.with_changes(
        options=result.config.to_json()["options"], gamma=0.9
    )


def test_a_model_that_also_sees_trains_on_text_like_the_others():
    """Gemma 3's 4B, 12B and 27B are of this class; its vision tower gets no adapter."""
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    tiny = load_model(config())
    seeing = Gemma3Config(
        text_config=tiny.model.config.to_dict(),
        vision_config={"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 28, "patch_size": 14},
        image_token_index=5, boi_token_index=6, eoi_token_index=7, mm_tokens_per_image=4,
    )  # fmt: skip
    torch.manual_seed(0)
    both = tiny._replace(model=Gemma3ForConditionalGeneration(seeing).eval())
    policy = LLMPolicy(config(gradient_checkpointing=True), seed=1, loaded=both)
    assert not any("vision" in name for name in policy.state_dict())
    before = logprobs(policy, STATES, ACTIONS)
    trained(policy)
    assert (logprobs(policy, STATES, ACTIONS) > before).all()
    critic = TrainedCritic(policy, "probability", learning_rate=5e-3, seed=5)
    assert critic.step(STATES, np.ones(4)) > critic.step(STATES, np.ones(4))
    (sample, _) = policy.sample(STATES[:2], randoms(2))
    assert sample.token_logprobs


def test_a_real_model_at_a_server_reports_what_the_learner_computes(gemma):
    prompts, states = [gemma.prompts.ids(s) for s in STATES[:1]], STATES[:1]
    with serving(gemma.model, gemma.tokenizer) as (url, _):
        writer = ServedWriter(
            gemma.model, gemma.tokenizer, replace(gemma.config, server=url), weights=gemma.parameters, save=gemma.save_adapter
        )  # fmt: skip
        (written,) = writer.write(prompts, randoms(1), temperature=1.0)
    gemma._remember(prompts[0], written.text, written.token_ids)
    with torch.no_grad():
        scores = gemma.score(states, [written.text])
    assert list(written.logprobs) == pytest.approx(scores.logprobs[0][scores.mask[0]].tolist(), abs=10 * CLOSE)


def test_no_such_model_says_what_there_is(tmp_path):
    with pytest.raises(ModelError, match="gemma-3-270m, smollm2-135m"):
        load_model(config(model=str(tmp_path)))
    with pytest.raises(ValueError, match="lora_rank >= 0"):
        config(lora_rank=-1)
