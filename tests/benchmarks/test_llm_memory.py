"""The memory that is counted from Gemma 3's architecture, against real models: sizes on paper, bytes on small ones."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from transformers import Gemma3ForCausalLM
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_policy import with_adapter
from webarena_gym.benchmarks.llm_memory import (
    GEMMA_3,
    TINY,
    Architecture,
    TrainingPlan,
    cache_bytes,
    layer_activation_bytes,
    lora_parameters,
    parameters,
    training_memory,
)

# The technical report's table 1 (arXiv:2503.19786), millions of parameters: embeddings, and all others.
REPORTED = {"1B": (302, 698), "4B": (675, 3209), "12B": (1012, 10759), "27B": (1416, 25600)}


@pytest.mark.parametrize("name", sorted(GEMMA_3))
def test_the_weights_are_those_that_transformers_makes(name):
    with torch.device("meta"):  # shapes without numbers
        real = Gemma3ForCausalLM(GEMMA_3[name].to_transformers())
    assert sum(p.numel() for p in real.parameters()) == parameters(GEMMA_3[name])


@pytest.mark.parametrize("name", sorted(REPORTED))
def test_the_sizes_are_those_that_were_published(name):
    model, (embedding, others) = GEMMA_3[name], REPORTED[name]
    assert model.vocabulary * model.hidden / 1e6 == pytest.approx(embedding, rel=0.01)
    assert (parameters(model) - model.vocabulary * model.hidden) / 1e6 == pytest.approx(others, rel=0.01)


def small(model: Architecture, rank: int, dtype: torch.dtype = torch.float32):
    config = model.to_transformers()
    config._attn_implementation = "sdpa"
    real = Gemma3ForCausalLM(config).to(dtype).eval()
    return with_adapter(real, LLMPolicyConfig(model="tiny-gemma3", lora_rank=rank), 0)


@pytest.mark.parametrize("rank", [1, 8])
def test_an_adapter_has_as_many_weights_as_peft_makes(rank):
    trained = [p for p in small(TINY, rank).parameters() if p.requires_grad]
    assert sum(p.numel() for p in trained) == lora_parameters(TINY, rank)


@pytest.mark.parametrize("tokens", [40, 100])
def test_the_cache_is_as_large_as_the_real_one(tokens):
    real = small(TINY, 4)
    with torch.inference_mode():
        cache = real(input_ids=torch.ones(3, tokens, dtype=torch.long), use_cache=True).past_key_values
    kept = sum(
        t.untyped_storage().nbytes() for layer in cache.layers for t in (layer.keys[:].clone(), layer.values[:].clone())
    )
    assert kept == cache_bytes(TINY, 3, tokens, width=4)


def saved(model: Architecture, tokens: int, rank: int, dtype: torch.dtype) -> int:
    """Bytes that autograd keeps of one pass over one row, besides weights."""
    real = small(model, rank, dtype)
    weights = {p.untyped_storage().data_ptr() for p in real.parameters()}
    kept: dict[int, int] = {}

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    ids, mask = torch.ones(1, tokens, dtype=torch.long), torch.ones(1, tokens, dtype=torch.long)
    mask[0, :3] = 0  # as in a batch of unlike lengths
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        held = real(input_ids=ids, attention_mask=mask, logits_to_keep=1, use_cache=False)
    assert held.logits.requires_grad
    return sum(size for place, size in kept.items() if place not in weights)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("shape", [(64, 144, 4, 2, 24), (96, 128, 2, 1, 40)])
def test_a_layer_keeps_as_much_as_is_counted(dtype, shape):
    few, more = (Architecture(layers, *shape, 512, vocabulary=500) for layers in (2, 4))
    for tokens, rank in ((50, 4), (90, 8)):
        one = (saved(more, tokens, rank, dtype) - saved(few, tokens, rank, dtype)) / 2
        assert layer_activation_bytes(few, tokens, rank, width=dtype.itemsize) == pytest.approx(one, rel=0.05)


def test_a_plan_adds_up():
    # rank 8 on TINY: by layer 8 * (2 (64 + 64) + 2 (64 + 32) + 3 (64 + 128)) = 8 * 1024; six layers; 16 bytes; two adapters.
    plan = TrainingPlan(rank=8, adapters=2, tokens=100, width=4)
    memory = training_memory(TINY, plan)
    assert memory.trained == 16 * 2 * 6 * 8 * 1024 and memory.weights == 4 * parameters(TINY)
    assert memory.total == memory.weights + memory.trained + memory.activations
    whole = training_memory(TINY, TrainingPlan(rank=8, adapters=2, tokens=100, width=4, gradient_checkpointing=False))
    twice = training_memory(TINY, TrainingPlan(rank=8, adapters=2, tokens=100, width=4, micro_batch=2))
    assert whole.activations > memory.activations and twice.activations == 2 * memory.activations
