"""Text envs under ``trl.GRPOTrainer``: a tiny Gemma 3 takes real trainer steps, on rewards that are the env's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import pytest
import torch
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_loading import LoadedModel, load_model
from webarena_gym.agents.llm_prompt import PromptBuilder
from webarena_gym.agents.trl_env import EnvRollout, episode_return

from reward_wrappers import MilestoneReward
from tests.agents.fakes import TinyShop, TwoArms
from webarena_gym.env import WebArenaEnv


@pytest.fixture
def tiny() -> LoadedModel:
    return load_model(LLMPolicyConfig(model="tiny-gemma3"))


class Vowels(gym.Wrapper):
    """Pays a tenth for each vowel in an action, so that random text earns unlike rewards. Remembers what it paid."""

    paid: list[float]

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        observation, _, terminated, truncated, info = self.env.step(action)
        self.paid.append(sum(action.count(vowel) for vowel in "aeiou") / 10)
        return observation, self.paid[-1], terminated, truncated, info


def trainer_of(tiny: LoadedModel, rollout: EnvRollout, folder: Path, tasks: list[str], **changes: Any) -> GRPOTrainer:
    settings = {
        "max_completion_length": 700,
        "num_generations": 4,
        "per_device_train_batch_size": 4,
        "max_steps": 1,
        "learning_rate": 1e-3,
    }
    args = GRPOConfig(
        output_dir=str(folder), use_cpu=True, report_to=[], logging_steps=1, save_strategy="no", disable_tqdm=True, **{**settings, **changes}
    )  # fmt: skip
    return GRPOTrainer(
        tiny.model, reward_funcs=episode_return, args=args, processing_class=tiny.tokenizer, rollout_func=rollout,
        train_dataset=Dataset.from_dict({"prompt": tasks}),
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # trl says that its hook is experimental
def test_a_trainer_step_learns_from_the_envs_rewards(tiny: LoadedModel, tmp_path: Path):
    paid: list[float] = []

    def make() -> gym.Env:
        env = Vowels(TinyShop(max_steps=2))
        env.paid = paid
        return env

    rollout = EnvRollout(make, max_prompt_tokens=600, max_turn_tokens=200, max_action_tokens=12)
    trainer = trainer_of(tiny, rollout, tmp_path, ["shop-1", "shop-2"])
    before = {name: weight.detach().clone() for name, weight in tiny.model.named_parameters()}
    trainer.train()
    logged = next(record for record in trainer.state.log_history if "reward" in record)
    assert len(paid) >= 5  # four episodes, of up to two actions; random text stops rarely
    assert logged["reward"] == pytest.approx(sum(paid) / 4, abs=1e-5)
    assert logged["reward_std"] > 0 and logged["success_rate"] == 0
    moved = [name for name, weight in tiny.model.named_parameters() if not torch.equal(weight, before[name])]
    assert any("q_proj" in name for name in moved) and any("mlp" in name for name in moved)


@pytest.fixture
def fake_trainer(tiny: LoadedModel) -> Iterator[SimpleNamespace]:
    """What a rollout asks of a trainer."""
    accelerator = SimpleNamespace(unwrap_model=lambda model: model, process_index=0)
    yield SimpleNamespace(
        model=tiny.model, processing_class=tiny.tokenizer, accelerator=accelerator, temperature=1.0, max_completion_length=2000
    )  # fmt: skip


def test_an_episode_is_one_sequence_with_the_pages_masked(tiny: LoadedModel, fake_trainer: SimpleNamespace):
    rollout = EnvRollout(
        lambda: TinyShop(max_steps=3), max_prompt_tokens=700, max_turn_tokens=300, max_action_tokens=12
    )
    played = rollout(["shop-1", "shop-7"], fake_trainer)
    assert tiny.model.training is False
    for ids, own, logprobs in zip(*(played[k] for k in ("completion_ids", "env_mask", "logprobs")), strict=True):
        assert len(ids) == len(own) == len(logprobs) and own[0] == own[-1] == 1
        assert all((value == 0) != (mine == 1) for value, mine in zip(logprobs, own, strict=True))
        pages = tiny.tokenizer.decode([i for i, mine in zip(ids, own, strict=True) if not mine])
        assert "step 1/3" in pages and "step 0/3" not in pages and "action: " in pages
    # The log-probabilities are those of the whole sequence in one pass.
    ids = played["prompt_ids"][0] + played["completion_ids"][0]
    with torch.no_grad():
        logits = tiny.model(torch.tensor([ids])).logits[0, :-1]
    again = torch.log_softmax(logits, dim=-1)[range(len(ids) - 1), ids[1:]][-len(played["logprobs"][0]) :]
    for value, mine, known in zip(again.tolist(), played["env_mask"][0], played["logprobs"][0], strict=True):
        assert not mine or value == pytest.approx(known, abs=1e-3)


def test_what_broke_under_an_episode_has_no_reward(fake_trainer: SimpleNamespace):
    rollout = EnvRollout(lambda: TwoArms(fail_every=1), max_action_tokens=8)
    played = rollout(["", ""], fake_trainer)
    assert played["success"] == [None, None]
    assert episode_return(["x", "y"], **{k: played[k] for k in ("episode_return", "success")}) == [None, None]


def test_an_episode_ends_before_it_is_too_long(fake_trainer: SimpleNamespace):
    fake_trainer.max_completion_length = 150  # of bytes nearly: not even the second page fits
    rollout = EnvRollout(lambda: TinyShop(max_steps=9), max_action_tokens=12)
    (ids,) = rollout(["shop-1"], fake_trainer)["completion_ids"]
    assert 1 <= len(ids) <= 12


def test_webarena_itself_plays_with_milestones(fake_trainer: SimpleNamespace, tiny: LoadedModel, cache_dir: Path):
    def make() -> gym.Env[str, str]:
        env = WebArenaEnv("shopping", tasks=["product_price-000001"], max_steps=2, cache_dir=str(cache_dir))
        return MilestoneReward(env, scheme="pbrs", gamma=1.0)

    rollout = EnvRollout(make, max_prompt_tokens=900, max_turn_tokens=400, max_action_tokens=12)
    played = rollout(["product_price-000001"], fake_trainer)
    rollout.close()
    assert played["success"] == [False] and len(played["prompt_ids"][0]) <= 900
    assert "http://shopping.test" in tiny.tokenizer.decode(played["prompt_ids"][0])
    assert "step 1/2" in tiny.tokenizer.decode(played["completion_ids"][0])


def test_a_chat_goes_on_in_turns(tiny: LoadedModel):
    tokenizer = tiny.tokenizer
    tokenizer.chat_template = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}</end>\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
    builder = PromptBuilder(tokenizer, max_tokens=900, max_history=0)
    text = tokenizer.decode(builder.turn("goal: x\n\npage", max_tokens=100))
    assert text == "</end>\n<user>goal: x\n\npage</end>\n<assistant>"
    with pytest.raises(ValueError, match="max_turn_tokens=10"):
        builder.turn("goal: a long goal\n\npage", max_tokens=10)
