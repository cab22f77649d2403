"""What an LLM policy is told: which model, how it is trained, how long prompts and actions may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DEFAULT_MODEL = "google/gemma-3-12b-it"


@dataclass(frozen=True, kw_only=True)
class LLMPolicyConfig:
    """A causal language model as a policy.

    Raises:
        ValueError: A field is out of range.
    """

    model: str = DEFAULT_MODEL
    """A hub name, a folder, ``gemma-3-270m`` or ``smollm2-135m`` (packages with the weights inside), or ``tiny-gemma3``
    (random weights, real architecture: for tests)."""
    lora_rank: int = 16
    """Of the adapters that are trained (peft); 0 trains every weight."""
    lora_alpha: float = 32.0
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """``auto`` is bfloat16 on a GPU that has it, else float32."""
    device: str = "auto"
    """``auto`` is the first GPU, else the processor; ``map`` spreads the layers over all GPUs (accelerate)."""
    attention: str = "sdpa"
    """Implementation of attention, as transformers names it: sdpa, eager, flash_attention_2."""
    max_prompt_tokens: int = 4096
    """Counted by the model's own tokenizer; the oldest history goes first, then the end of the page."""
    max_history: int = 12
    """Past actions shown, at most."""
    max_action_tokens: int = 96
    """An action that is not finished by then is cut off, and will not parse."""
    constrained: bool = False
    """Only tokens with which the text can still become an action: every finished action parses."""
    micro_batch: int = 4
    """Prompts in one forward pass. Larger batches are cut up, so this alone bounds the memory of activations."""
    generation_batch: int = 16
    """Prompts that are answered at once."""
    gradient_checkpointing: bool = False
    """Recompute activations inside a forward pass: less memory, about a third more time."""
    chat: bool = True
    """Use the model's chat template where it has one."""
    server: str | None = None
    """Base address of an OpenAI-compatible server that writes the actions, such as ``http://127.0.0.1:8000/v1``; scoring and
    training stay here. None: the actions are written here too."""
    server_model: str | None = None
    """What the server calls the model; None for ``model``."""
    server_adapters: str | None = None
    """A folder that the server reads as well: whenever the adapter has changed it is saved there, and the server told to load
    it (vLLM's load_lora_adapter). None: the server keeps the weights it has, and falls behind."""
    server_parallel: int = 64
    """Requests on their way to the server at once."""
    remembered_actions: int = 8192
    """Sampled actions whose very tokens are kept for scoring; others are tokenized anew."""

    def __post_init__(self) -> None:
        if self.lora_rank < 0 or self.lora_alpha <= 0:
            raise ValueError(f"want lora_rank >= 0 and lora_alpha above 0, got {self.lora_rank} and {self.lora_alpha}")
        if self.max_prompt_tokens < 256 or self.max_action_tokens < 16:
            raise ValueError(
                "a prompt takes 256 tokens or more and an action 16 or more, "
                f"got {self.max_prompt_tokens} and {self.max_action_tokens}"
            )
        if self.server is None and (self.server_model or self.server_adapters):
            raise ValueError("server_model and server_adapters are about a server; name it with server=")
        if self.server is not None and self.constrained:
            raise ValueError("constrained decoding is done here; leave out server, or constrained")
        if self.server_adapters is not None and not self.lora_rank:
            raise ValueError("a server can be given adapters, not whole models: lora_rank must be above 0")
        if (
            min(self.micro_batch, self.generation_batch, self.remembered_actions, self.server_parallel) < 1
            or self.max_history < 0
        ):
            raise ValueError(f"batch sizes and remembered_actions are 1 or more and max_history 0 or more, got {self}")
