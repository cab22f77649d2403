"""Actions written by a server while the weights are trained here: against a real server over a tiny Gemma 3."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from webarena_gym.agents.chat_client import ChatError
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_loading import ModelError, load_model
from webarena_gym.agents.llm_policy import LLMPolicy
from webarena_gym.agents.llm_served import sampler_mismatch
from webarena_gym.agents.policy import ActionScores
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.train import train
from webarena_gym.agents.train_config import TrainConfig
from webarena_gym.agents.trajectory import Batch, State, Step, Trajectory

from tests.agents.fakes import TinyShop, TwoArms, observation_text
from tests.agents.test_chat import endpoint
from tests.agents.token_server import serving

STATES = [State((observation_text("Open it", 0, "http://a.test/", [f'[{i}] link "Cart {i}"']),)) for i in range(3)]


def config(url: str | None = None, **changes) -> LLMPolicyConfig:
    values = {
        "model": "tiny-gemma3",
        "lora_rank": 4,
        "max_prompt_tokens": 900,
        "max_action_tokens": 16,
        "micro_batch": 2,
    }
    return LLMPolicyConfig(**{**values, "server": url, **changes})


def server_model(dtype: str = "float32"):
    loaded = load_model(LLMPolicyConfig(model="tiny-gemma3", dtype=dtype))
    return loaded.model, loaded.tokenizer


def sampled(policy: LLMPolicy, temperature: float = 1.0):
    return policy.sample(STATES, [np.random.default_rng(i) for i in range(len(STATES))], temperature=temperature)


def test_a_server_writes_what_this_process_would():
    with serving(*server_model()) as (url, server):
        policy, here = LLMPolicy(config(url)), LLMPolicy(config())
        assert [s.text for s in sampled(policy, 0.0)] == [s.text for s in sampled(here, 0.0)]
        drawn = sampled(policy)
        assert {s.text for s in drawn} != {s.text for s in sampled(here, 0.0)}
        with torch.no_grad():
            scores = policy.score(STATES, [s.text for s in drawn])
        for sample, row, mask in zip(drawn, scores.logprobs, scores.mask, strict=True):
            assert list(sample.token_logprobs) == pytest.approx(row[mask].tolist(), abs=1e-4)
    path, request = server.seen[0]
    assert path == "/v1/completions" and request["stop"] == ["\n"] and request["return_tokens_as_token_ids"] is True
    assert sorted(r["prompt"] for _, r in server.seen[:3]) == sorted(policy.prompts.ids(s) for s in STATES)


def test_the_server_is_given_the_weights_whenever_they_have_changed(tmp_path: Path):
    with serving(*server_model()) as (url, server):
        policy = LLMPolicy(config(url, server_adapters=str(tmp_path)), seed=1)
        sampled(policy), sampled(policy)
        assert server.adapters == ["policy-1"]
        optimizer = torch.optim.Adam(policy.parameters(), lr=0.05)
        for _ in range(3):
            optimizer.zero_grad()
            (-policy.score(STATES, ["back()"] * 3).action_logprobs.mean()).backward()
            optimizer.step()
        drawn = sampled(policy)
        assert server.adapters == ["policy-2"] and server.seen[-1][1]["model"] == "policy-2"
        with torch.no_grad():
            scores = policy.score(STATES, [s.text for s in drawn])
        assert [s.logprob for s in drawn] == pytest.approx(scores.action_logprobs.tolist(), abs=1e-3)
        policy.load_state_dict({name: 0 * value for name, value in policy.state_dict().items()})
        sampled(policy)
        assert server.adapters == ["policy-3"]


def scored(texts: dict[str, list[float]], batch: Batch):
    """A policy that gives each text these log-probabilities, one a token."""

    class Known:
        def score(self, states, actions) -> ActionScores:
            width = max(len(texts[a]) for a in actions)
            rows = [[0.0] * (width - len(texts[a])) + texts[a] for a in actions]
            mask = [[False] * (width - len(texts[a])) + [True] * len(texts[a]) for a in actions]
            return ActionScores(torch.tensor(rows), torch.tensor(mask), torch.zeros(len(actions)))

    return sampler_mismatch(Known(), batch)


def batch_of(*steps: tuple[str, tuple[float, ...]]) -> Batch:
    made = tuple(Step(observation="o", action=a, logprob=sum(l), token_logprobs=l) for a, l in steps)  # noqa: E741
    return Batch.of([
        Trajectory(task_id=1, env_seed=0, policy_seed=0, steps=made, final_observation="p", success=True, terminated=True, truncated=False)
    ])  # fmt: skip


def test_the_mismatch_is_measured_by_token_and_by_action():
    # "a": learner -1, -2; server -1.1, -1.9: |difference| 0.1 and 0.1, together 0: ratio 1.
    # "b": learner -1; server -1 - ln 3: |difference| ln 3, ratio 3. "c" is three tokens for one and two for the other.
    batch = batch_of(("a", (-1.1, -1.9)), ("b", (-1 - math.log(3),)), ("c", (-1.0, -1.0, -1.0)))
    found = scored({"a": [-1.0, -2.0], "b": [-1.0], "c": [-1.0, -1.0]}, batch)
    assert found["sampler_logprob_diff_mean"] == pytest.approx((0.2 + math.log(3)) / 3, abs=1e-6)
    assert found["sampler_logprob_diff_max"] == pytest.approx(math.log(3), abs=1e-6)
    assert [found[f"importance_ratio_{w}"] for w in ("mean", "min", "max")] == pytest.approx([2.0, 1.0, 3.0], abs=1e-5)
    assert found["importance_ess"] == pytest.approx(16 / (2 * 10), abs=1e-5)  # (1 + 3)^2 / (2 (1 + 9))
    assert found["sampler_unmatched"] == 1


def test_training_through_a_server_reports_how_far_its_numbers_are_off(tmp_path: Path):
    # In bfloat16 there, float32 here: close, and not equal.
    with serving(*server_model("bfloat16")) as (url, _):
        settings = TrainConfig(
            algorithm="reinforce", env_steps=6, eval_episodes=0, num_envs=2, max_steps=2, checkpoint_every=3,
            policy=config(url, server_adapters=str(tmp_path / "adapters")), options={"episodes_per_update": 2, "minibatch": 2},
        )  # fmt: skip
        train(settings, lambda tasks: TinyShop(max_steps=2), out=tmp_path / "run")
    logged = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert len(logged) >= 2
    for record in logged:
        assert 0 < record["sampler_logprob_diff_mean"] <= record["sampler_logprob_diff_max"] < 0.2
        assert record["importance_ratio_min"] <= record["importance_ratio_mean"] <= record["importance_ratio_max"]
        assert 0.5 < record["importance_ess"] <= 1 and record["sampler_unmatched"] == 0


def test_written_here_there_is_no_mismatch_to_report():
    policy = LLMPolicy(config())
    (played,) = InProcessCollector([TwoArms()]).collect(policy, [EpisodeRequest(1, 1)])
    assert policy.sampler_mismatch(Batch.of([played])) == {}
    assert sampler_mismatch(policy, Batch.of([played]))["sampler_logprob_diff_max"] < 1e-4


def test_a_server_that_reports_no_tokens_is_said_to_and_a_dead_one_ends_the_run():
    choice = {"index": 0, "text": "back()", "finish_reason": "stop", "logprobs": None}
    plain = {"id": "1", "object": "text_completion", "created": 0, "model": "m", "choices": [choice]}
    with endpoint(lambda n, request: (200, {}, json.dumps(plain).encode())) as (url, _):
        policy = LLMPolicy(config(url))
        with pytest.raises(ChatError, match="no log-probabilities"):
            sampled(policy)
        collector = InProcessCollector([TwoArms()])
        with pytest.raises(ModelError, match="25 times in a row"):
            for _ in range(25):
                (played,) = collector.collect(policy, [EpisodeRequest(1, 1)])
                assert played.infra_error is not None and played.success is None


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match="server="):
        config(server_model="m")
    with pytest.raises(ValueError, match="constrained"):
        config("http://a.test/v1", constrained=True)
    with pytest.raises(ValueError, match="lora_rank"):
        config("http://a.test/v1", lora_rank=0, server_adapters="x")
