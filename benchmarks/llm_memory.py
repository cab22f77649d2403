"""How much memory Gemma 3 takes, by size, LoRA rank and batch: counted from the architecture, part by part.

Weights, trained weights and cache are exact. Activations are what autograd keeps, as the layers are written in transformers
with sdpa: of one layer while it is recomputed, and the inputs of all (with gradient checkpointing), or of all layers at once.
Tests hold each part to the real thing on small models.

Not covered: what the allocator and CUDA's libraries keep for themselves (a few GB), flash-attention's savings, and vision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

VOCABULARY = 262_144
"""Gemma 3's tokens; checkpoints of the multimodal sizes have 64 more rows for images."""


class Architecture(NamedTuple):
    """What decides a Gemma 3's memory and speed."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    window: int
    vocabulary: int = VOCABULARY
    pattern: int = 6
    """Every so many layers one attends to everything; the others see ``window`` tokens back."""

    @property
    def full_layers(self) -> int:
        """Those that attend to everything."""
        return self.layers // self.pattern

    @property
    def linear(self) -> list[tuple[int, int]]:
        """(inputs, outputs) of one layer's seven matrices, which are those that LoRA adapts."""
        queries, keys = self.heads * self.head_dim, self.kv_heads * self.head_dim
        attention = [(self.hidden, queries), (self.hidden, keys), (self.hidden, keys), (queries, self.hidden)]
        return [
            *attention,
            (self.hidden, self.intermediate),
            (self.hidden, self.intermediate),
            (self.intermediate, self.hidden),
        ]

    def to_transformers(self) -> Any:
        """Its ``Gemma3TextConfig``."""
        from transformers import Gemma3TextConfig

        return Gemma3TextConfig(
            vocab_size=self.vocabulary, hidden_size=self.hidden, intermediate_size=self.intermediate, num_hidden_layers=self.layers,
            num_attention_heads=self.heads, num_key_value_heads=self.kv_heads, head_dim=self.head_dim, sliding_window=self.window,
            layer_types=["sliding_attention" if (i + 1) % self.pattern else "full_attention" for i in range(self.layers)],
        )  # fmt: skip


# The published configs: google/gemma-3-*'s config.json, and the header of Gemma 3 270M's GGUF file.
GEMMA_3 = {
    "270M": Architecture(18, 640, 2048, 4, 1, 256, 512),
    "1B": Architecture(26, 1152, 6912, 4, 1, 256, 512),
    "4B": Architecture(34, 2560, 10240, 8, 4, 256, 1024),
    "12B": Architecture(48, 3840, 15360, 16, 8, 256, 1024),
    "27B": Architecture(62, 5376, 21504, 32, 16, 128, 1024),
}
TINY = Architecture(6, 64, 128, 4, 2, 16, 64, vocabulary=1024)
"""Real architecture, no real size: for tests on a processor."""


def parameters(model: Architecture) -> int:
    """Weights of the model; embeddings count once, since output shares them."""
    norms = 4 * model.hidden + 2 * model.head_dim
    in_layers = model.layers * (sum(i * o for i, o in model.linear) + norms)
    return model.vocabulary * model.hidden + in_layers + model.hidden


def lora_parameters(model: Architecture, rank: int) -> int:
    """Weights of one adapter over the seven matrices of every layer."""
    return model.layers * rank * sum(i + o for i, o in model.linear)


def cache_bytes(model: Architecture, batch: int, tokens: int, *, width: int = 2) -> int:
    """Keys and values of ``tokens`` tokens in ``batch`` rows, ``width`` bytes a number.

    Layers with a window keep its last ``window - 1`` tokens.
    """
    windowed = (model.layers - model.full_layers) * min(tokens, model.window - 1)
    return batch * 2 * model.kv_heads * model.head_dim * width * (model.full_layers * tokens + windowed)


def layer_activation_bytes(model: Architecture, tokens: int, rank: int, *, width: int = 2) -> int:
    """What autograd keeps of one layer for ``tokens`` tokens of one row, LoRA of ``rank`` on frozen weights.

    LoRA runs in float32 and keeps its inputs so; so do the norms. sdpa keeps its mask, queries, keys, values and output.
    """
    queries, keys = model.heads * model.head_dim, model.kv_heads * model.head_dim
    cast = 4 if width < 4 else 0  # a float32 copy next to what has another type
    by_token = (
        model.intermediate * (3 * width + 4)
        + queries * (4 * width + 4 + cast)
        + keys * 4
        + model.hidden * (24 + 3 * cast)
        + 4 * (7 * rank + 2 * model.heads + model.kv_heads + 4)
    )
    return tokens * by_token + tokens**2 * width


def logits_bytes(model: Architecture, tokens: int, *, width: int = 2) -> int:
    """Of the distributions over the vocabulary at ``tokens`` places, as scoring makes them: logits, the same in float32, their
    logarithm, exponential and product, and the gradients of the last four."""
    return tokens * model.vocabulary * (width + 4 * 4 + 4 * 4)


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """What is trained and in which pieces."""

    rank: int = 16
    adapters: int = 3
    """MiRA's: policy, value critic, potential."""
    tokens: int = 4096
    """Of a prompt."""
    action_tokens: int = 32
    micro_batch: int = 1
    gradient_checkpointing: bool = True
    width: int = 2
    """Bytes of a weight: 2 for bfloat16, 4 for float32."""


class Memory(NamedTuple):
    """Bytes, part by part."""

    weights: int
    trained: int
    """Adapters in float32, each with its gradient and Adam's two moments."""
    activations: int

    @property
    def total(self) -> int:
        return sum(self)


def training_memory(model: Architecture, plan: TrainingPlan) -> Memory:
    """What a LoRA step keeps on one GPU."""
    length = plan.tokens + plan.action_tokens
    layer = layer_activation_bytes(model, length, plan.rank, width=plan.width)
    if plan.gradient_checkpointing:
        inputs = model.layers * length * model.hidden * plan.width
        kept = inputs + 2 * layer  # that of the layer being recomputed, and its gradients
    else:
        kept = (model.layers + 1) * layer
    kept += logits_bytes(model, plan.action_tokens + 1, width=plan.width)
    trained = 16 * plan.adapters * lora_parameters(model, plan.rank)
    return Memory(parameters(model) * plan.width, trained, plan.micro_batch * kept)


def rollout_memory(model: Architecture, batch: int, tokens: int, *, width: int = 2) -> Memory:
    """What writing actions keeps: weights, and the cache of ``batch`` rows; reading prompts needs one layer's work on top."""
    work = batch * tokens * width * (2 * model.intermediate + 4 * model.hidden + 2 * model.heads * model.head_dim)
    return Memory(parameters(model) * width, 0, cache_bytes(model, batch, tokens, width=width) + work)


def training_table(tokens: int = 4096) -> str:
    """Gigabytes of a MiRA step by model size and LoRA rank, as docs/llm.md shows it."""
    lines = [
        "| model | weights | LoRA rank | adapters and optimizers | activations | together |",
        "|---|---|---|---|---|---|",
    ]
    for name, model in GEMMA_3.items():
        for rank in (8, 16, 64):
            memory = training_memory(model, TrainingPlan(rank=rank, tokens=tokens))
            cells = [
                name,
                _gb(memory.weights),
                str(rank),
                _gb(memory.trained),
                _gb(memory.activations),
                f"**{_gb(memory.total)}**",
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def rollout_table(tokens: int = 4096) -> str:
    """Gigabytes of writing actions after prompts of ``tokens`` tokens, by model size and batch."""
    lines = ["| model | weights | cache, batch 1 | batch 16 | batch 64 | together at 16 |", "|---|---|---|---|---|---|"]
    for name, model in GEMMA_3.items():
        caches = [_gb(cache_bytes(model, batch, tokens)) for batch in (1, 16, 64)]
        together = _gb(rollout_memory(model, 16, tokens).total)
        lines.append("| " + " | ".join([name, _gb(2 * parameters(model)), *caches, f"**{together}**"]) + " |")
    return "\n".join(lines)


def _gb(size: float) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 5e7 else f"{size / 1e6:.0f} MB"
