"""``LLMPolicy``: a causal language model that writes actions, with the interface that every algorithm here trains.

Sampling keeps the log-probabilities of exactly the tokens it drew; scoring reproduces them, and never holds more activations
than those of ``micro_batch`` prompts: a larger batch is cut up, and with gradients each piece is run again in the backward
pass. LoRA adapters (peft) are what is trained, unless ``lora_rank`` is 0.

With ``server`` in the config the actions are written by another engine, such as vLLM, and scored and trained here
(``llm_served``). Several processes share the work where ``accelerate launch`` started them (``parallel``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from webarena_gym.errors import MissingDependency

from . import parallel
from .action_grammar import action_pattern
from .llm_config import LLMPolicyConfig
from .llm_generation import ActionWriter, Padded, end_tokens, pad_left
from .llm_loading import LoadedModel, load_model
from .llm_prompt import PromptBuilder
from .llm_served import ServedWriter, sampler_mismatch
from .policy import ActionSample, ActionScores
from .trajectory import Batch, State

POLICY_ADAPTER = "default"
_LORA_TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
_SEEING = r".*(vision_tower|multi_modal_projector).*"  # parts of multimodal models that no text passes through


class LLMPolicy:
    """A language model as a policy. Equal seeds give equal adapters.

    Args:
        config: What to load and how to use it.
        seed: Of the adapters' initial weights.
        loaded: A model already in memory, in place of ``config.model``.

    Raises:
        MissingDependency: transformers or peft is not installed.
        ModelError: There is no such model.
        ValueError: The layers are to be spread over GPUs that other processes train on.
    """

    def __init__(self, config: LLMPolicyConfig, *, seed: int = 0, loaded: LoadedModel | None = None) -> None:
        if config.device == "map" and parallel.count() > 1:
            raise ValueError("device=map spreads one model over all GPUs; with a process for each GPU use device=auto")
        loaded = loaded or load_model(config)
        self.config, self.tokenizer, self.name, self.note = config, loaded.tokenizer, loaded.name, loaded.note
        self.model = with_adapter(loaded.model, config, seed) if config.lora_rank else loaded.model
        self._active: str | None = POLICY_ADAPTER
        self._recomputing: list[nn.Module] = self._checkpoint_layers() if config.gradient_checkpointing else []
        self.prompts = PromptBuilder(
            self.tokenizer, max_tokens=config.max_prompt_tokens, max_history=config.max_history, chat=config.chat
        )
        pattern = action_pattern(max_text_chars=max(8, config.max_action_tokens - 40)) if config.constrained else None
        self._writer: ActionWriter | ServedWriter
        if config.server is None:
            self._writer = ActionWriter(
                self.model, self.tokenizer, max_tokens=config.max_action_tokens, pattern=pattern
            )
        else:
            self._writer = ServedWriter(
                self.model, self.tokenizer, config, weights=self.parameters, save=self.save_adapter
            )
        self._pad_id = self.tokenizer.pad_token_id or 0
        self._end_id = _end_of_action(self.model, self.tokenizer, chat=self.prompts.chat)
        self._remembered: OrderedDict[tuple[int, str], tuple[int, ...]] = OrderedDict()
        self._unshared: dict[tuple[int, str], tuple[int, ...]] = {}
        self._critics = 0

    @property
    def states_at_once(self) -> int:
        """How many episodes are worth playing side by side."""
        return self.config.generation_batch if self.config.server is None else self.config.server_parallel

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        prompts = [self.prompts.ids(state) for state in states]
        samples = []
        with self._adapter(POLICY_ADAPTER):
            for part in _parts(len(states), self.states_at_once):
                written = self._writer.write(prompts[part], randoms[part], temperature=temperature)
                for prompt, action in zip(prompts[part], written, strict=True):
                    self._remember(prompt, action.text, action.token_ids)
                    samples.append(ActionSample(action.text, float(sum(action.logprobs)), action.logprobs))
        return samples

    def score(self, states: Sequence[State], actions: Sequence[str]) -> ActionScores:
        prompts = [self.prompts.ids(state) for state in states]
        tokens = [self.action_tokens(prompt, action) for prompt, action in zip(prompts, actions, strict=True)]
        width = max(map(len, tokens), default=1)
        with self._adapter(POLICY_ADAPTER):
            parts = [
                self._score_part(prompts[p], tokens[p], width) for p in _parts(len(prompts), self.config.micro_batch)
            ]
        logprobs, entropy = (torch.cat(found) for found in zip(*parts, strict=True))
        mask = torch.zeros(logprobs.shape, dtype=torch.bool, device=logprobs.device)  # (B, T), right-aligned
        for i, row in enumerate(tokens):
            mask[i, width - len(row) :] = True
        return ActionScores(logprobs, mask, entropy)

    def score_actions(self, state: State, actions: Sequence[str]) -> Tensor:
        """(N,) log-probabilities in nats of N actions in one state, without gradient; the prompt is read once."""
        prompt = self.prompts.ids(state)
        tokens = [self.action_tokens(prompt, action) for action in actions]
        found = []
        with torch.inference_mode(), self._adapter(POLICY_ADAPTER):
            start = pad_left([prompt], self._pad_id, self.device)
            out = self.model(input_ids=start.ids, attention_mask=start.mask, use_cache=True, logits_to_keep=1)
            first = torch.log_softmax(out.logits[0, -1].float(), dim=-1)  # (V,)
            for part in _parts(len(tokens), self.config.generation_batch):
                found.append(self._continue(prompt, out.past_key_values, first, tokens[part]))
        return torch.cat(found)

    def action_tokens(self, prompt: Sequence[int], action: str) -> tuple[int, ...]:
        """The tokens of an action after a prompt: those it was sampled with where that is known, else its tokenization."""
        known = self._remembered.get((hash(tuple(prompt)), action))
        if known is not None:
            return known
        ids = self.tokenizer(action, add_special_tokens=False, split_special_tokens=True)["input_ids"]
        return (*ids[: self.config.max_action_tokens - 1], self._end_id)

    def share_sampled_tokens(self) -> None:
        """Let all processes that train together know the tokens of the actions that any of them sampled."""
        for key, ids in parallel.gathered(list(self._unshared.items())):
            self._remembered[key] = ids
        self._unshared.clear()

    def new_critic(self, seed: int) -> LLMCritic:
        self._critics += 1
        return LLMCritic(self, f"critic{self._critics}", seed)

    def parameters(self) -> list[nn.Parameter]:
        named = self.model.named_parameters()
        return [p for name, p in named if self._is_policys(name)]

    def state_dict(self) -> dict[str, Tensor]:
        """The weights that are trained: the adapter's, or all."""
        named = self.model.named_parameters()
        return {name: p.detach().cpu().clone() for name, p in named if self._is_policys(name)}

    def load_state_dict(self, state_dict: Mapping[str, Tensor]) -> None:
        own = dict(self.model.named_parameters())
        shapes = {name: p.shape for name, p in own.items() if self._is_policys(name)}
        given = {name: value.shape for name, value in state_dict.items()}
        if shapes != given:
            unlike = sorted(name for name in shapes.keys() | given.keys() if shapes.get(name) != given.get(name))
            raise ValueError(
                f"these weights are of another model or rank: {len(unlike)} do not match, such as {unlike[0]}"
            )
        with torch.no_grad():
            for name, value in state_dict.items():
                own[name].copy_(value)

    def save_adapter(self, folder: Path) -> None:
        """Write the policy's adapter as peft does, for ``peft.PeftModel.from_pretrained`` and servers."""
        self.model.save_pretrained(str(folder), selected_adapters=[POLICY_ADAPTER])

    def sampler_mismatch(self, batch: Batch) -> dict[str, float]:
        """See ``llm_served.sampler_mismatch``; nothing where the actions are written here, by these very weights."""
        return {} if self.config.server is None else sampler_mismatch(self, batch)

    def save_merged(self, folder: Path) -> None:
        """Write the whole model, the adapter added into its weights, with the tokenizer."""
        with self._adapter(POLICY_ADAPTER):
            self.model.merge_adapter([POLICY_ADAPTER])
            try:
                base = self.model.get_base_model()
                weights = {_plain(name): value for name, value in base.state_dict().items() if ".lora_" not in name}
                base.save_pretrained(str(folder), state_dict=weights)
            finally:
                self.model.unmerge_adapter()
        self.tokenizer.save_pretrained(str(folder))

    def hidden(self, states: Sequence[State], adapter: str | None) -> Tensor:
        """(B, D) float32: the last layer's vector at the end of each prompt, under an adapter; None for the bare backbone."""
        prompts = [self.prompts.ids(state) for state in states]
        with self._adapter(adapter):
            parts = [self._hidden_part(prompts[p], adapter) for p in _parts(len(prompts), self.config.micro_batch)]
        return torch.cat(parts)

    @contextmanager
    def _adapter(self, name: str | None) -> Iterator[None]:
        if not self.config.lora_rank:
            yield
        elif name is None:
            with self.model.disable_adapter():
                yield
        else:
            before, self._active = self._active, name
            activate(self.model, name)
            try:
                yield
            finally:
                self._active = before
                activate(self.model, before or POLICY_ADAPTER)

    def _checkpoint_layers(self) -> list[nn.Module]:
        """Have every layer keep its input alone and run again in the backward pass; returns the modules that obey."""

        def contexts() -> tuple[
            Any, Any
        ]:  # of the run and of the one that repeats it, when another adapter may be active
            return nullcontext(), self._adapter(self._active)

        options = {"use_reentrant": False, "context_fn": contexts}
        model = base_of(self.model)
        if hasattr(model, "activation_checkpointing_enable"):  # its name from transformers 5.2x on
            model.activation_checkpointing_enable(activation_checkpointing_kwargs=options)
        else:
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs=options)
        return [module for module in model.modules() if getattr(module, "gradient_checkpointing", False)]

    @contextmanager
    def _layers_recomputed(self) -> Iterator[None]:
        # Layers obey in training mode only, which for the modules inside them would turn dropout on: it is set on the layers
        # themselves, and only where there will be a backward pass.
        obeying = self._recomputing if torch.is_grad_enabled() else []
        for module in obeying:
            module.training = True
        try:
            yield
        finally:
            for module in obeying:
                module.training = False

    def _is_policys(self, name: str) -> bool:
        return not self.config.lora_rank or (".lora_" in name and f".{POLICY_ADAPTER}." in name)

    def _remember(self, prompt: Sequence[int], text: str, ids: tuple[int, ...]) -> None:
        key = hash(tuple(prompt)), text
        self._remembered[key] = ids
        if parallel.count() > 1:
            self._unshared[key] = ids
        if len(self._remembered) > self.config.remembered_actions:
            self._remembered.popitem(last=False)

    def _score_part(
        self, prompts: Sequence[list[int]], tokens: Sequence[tuple[int, ...]], width: int
    ) -> tuple[Tensor, Tensor]:
        batch = pad_left([[*p, *t] for p, t in zip(prompts, tokens, strict=True)], self._pad_id, self.device)
        lengths = torch.tensor([len(t) for t in tokens], device=self.device)
        return self._run(self._token_logprobs, batch, width, lengths, POLICY_ADAPTER)

    def _hidden_part(self, prompts: Sequence[list[int]], adapter: str | None) -> Tensor:
        batch = pad_left(prompts, self._pad_id, self.device)
        return self._run(self._last_hidden, batch, adapter)

    def _run(self, function: Any, *arguments: Any) -> Any:
        if torch.is_grad_enabled():  # recomputed in the backward pass, piece by piece
            return checkpoint(function, *arguments, use_reentrant=False)
        return function(*arguments)

    def _token_logprobs(self, batch: Padded, width: int, lengths: Tensor, adapter: str) -> tuple[Tensor, Tensor]:
        """(b, T) log-probabilities of the last T tokens, and (b,) the mean entropy over each row's own tokens."""
        # The adapter is chosen here too: the backward pass runs this again, when another may be active.
        with self._adapter(adapter), self._layers_recomputed():
            out = self.model(
                input_ids=batch.ids, attention_mask=batch.mask, position_ids=batch.positions, logits_to_keep=width + 1, use_cache=False
            )  # fmt: skip
        logprobs = torch.log_softmax(out.logits[:, :-1].float(), dim=-1)  # (b, T, V)
        taken = logprobs.gather(2, batch.ids[:, -width:, None]).squeeze(2)  # (b, T)
        own = torch.arange(width, 0, -1, device=lengths.device)[None, :] <= lengths[:, None]  # (b, T)
        entropy = -(logprobs.exp() * logprobs).sum(dim=2)  # (b, T)
        return taken, entropy.masked_fill(~own, 0.0).sum(dim=1) / lengths

    def _last_hidden(self, batch: Padded, adapter: str | None) -> Tensor:
        with self._adapter(adapter), self._layers_recomputed():
            decoder = base_of(self.model).get_decoder()
            out = decoder(input_ids=batch.ids, attention_mask=batch.mask, position_ids=batch.positions, use_cache=False)
        return out.last_hidden_state[:, -1].float()

    def _continue(self, prompt: Sequence[int], cache: Any, first: Tensor, tokens: Sequence[tuple[int, ...]]) -> Tensor:
        """(n,) of actions that follow a prompt whose keys and values are at hand."""
        import copy

        n, width = len(tokens), max(map(len, tokens))
        ids = torch.full((n, width), self._pad_id, dtype=torch.long, device=self.device)
        own = torch.zeros((n, width), dtype=torch.bool, device=self.device)
        for i, row in enumerate(tokens):
            ids[i, : len(row)], own[i, : len(row)] = torch.tensor(row, device=self.device), True
        total = first[ids[:, 0]]
        if width > 1:
            again = copy.deepcopy(cache)
            again.batch_repeat_interleave(n)
            mask = torch.cat([own.new_ones((n, len(prompt))), own[:, :-1]], dim=1).long()
            positions = torch.arange(len(prompt), len(prompt) + width - 1, device=self.device).expand(n, -1)
            out = self.model(
                input_ids=ids[:, :-1],
                attention_mask=mask,
                position_ids=positions,
                past_key_values=again,
                use_cache=True,
            )
            logprobs = torch.log_softmax(out.logits.float(), dim=-1)  # (n, T - 1, V)
            taken = logprobs.gather(2, ids[:, 1:, None]).squeeze(2)
            total = total + taken.masked_fill(~own[:, 1:], 0.0).sum(dim=1)
        return total


class LLMCritic(nn.Module):
    """A number for each state: a small network on the backbone's last vector, with an adapter of its own where adapters are
    trained; with full fine-tuning the backbone is the policy's, and only the head learns from the critic's loss."""

    def __init__(self, policy: LLMPolicy, adapter: str, seed: int) -> None:
        super().__init__()
        self._policy = [policy]  # in a list, so that it does not become a part of this module
        self._adapter = adapter if policy.config.lora_rank else None
        if self._adapter is not None:
            add_adapter(policy.model, adapter, policy.config, seed)
        size = base_of(policy.model).get_decoder().config.hidden_size
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.head = nn.Sequential(nn.LayerNorm(size), nn.Linear(size, 128), nn.GELU(), nn.Linear(128, 1))
            nn.init.zeros_(self.head[-1].weight)
            nn.init.zeros_(self.head[-1].bias)
        self.head.to(policy.device)
        model = policy.model
        self._adapted = {} if self._adapter is None else {
            name: p for name, p in model.named_parameters() if ".lora_" in name and f".{adapter}." in name
        }  # fmt: skip

    def forward(self, states: Sequence[State]) -> Tensor:
        """(B,)"""
        (policy,) = self._policy
        if self._adapter is None:
            with torch.no_grad():
                hidden = policy.hidden(states, None)
        else:
            hidden = policy.hidden(states, self._adapter)
        return self.head(hidden).squeeze(1)

    def parameters(self, recurse: bool = True) -> Iterator[nn.Parameter]:
        yield from self.head.parameters()
        yield from self._adapted.values()

    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        adapted = {name: p.detach().cpu().clone() for name, p in self._adapted.items()}
        return {"head": self.head.state_dict(), "adapter": adapted}

    def load_state_dict(self, state_dict: Mapping[str, Any], *args: Any, **kwargs: Any) -> None:
        self.head.load_state_dict(state_dict["head"])
        # Adapters are named by the order of their making, which a resumed run repeats.
        with torch.no_grad():
            for name, value in state_dict["adapter"].items():
                self._adapted[name].copy_(value)


def with_adapter(model: Any, config: LLMPolicyConfig, seed: int) -> Any:
    """The model with the policy's adapter around it; nothing but the adapter is trainable."""
    try:
        from peft import get_peft_model
    except ImportError:
        raise MissingDependency("peft", "llm", "training with LoRA (lora_rank above 0)") from None
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return get_peft_model(model, _lora_config(model, config))


def add_adapter(model: Any, name: str, config: LLMPolicyConfig, seed: int) -> None:
    """A further adapter, which starts as a change of nothing, like the first."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model.add_adapter(name, _lora_config(base_of(model), config))
    activate(model, POLICY_ADAPTER)
    for parameter_name, parameter in model.named_parameters():
        if ".lora_" in parameter_name:
            parameter.requires_grad_(True)


def activate(model: Any, name: str) -> None:
    """Run the model with this adapter. Unlike peft's own switch it leaves every adapter trainable: a loss may be waiting for
    its backward pass while another adapter runs."""
    for module in model.modules():
        if hasattr(module, "lora_A") and hasattr(module, "_active_adapter"):
            module._active_adapter = [name]
    model.active_adapter = name


def base_of(model: Any) -> Any:
    """The transformers model, without peft's wrapper."""
    return model.get_base_model() if hasattr(model, "get_base_model") else model


def _lora_config(model: Any, config: LLMPolicyConfig) -> Any:
    from peft import LoraConfig

    names = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    targets: Any = [target for target in _LORA_TARGETS if target in names] or "all-linear"
    return LoraConfig(
        r=config.lora_rank, lora_alpha=config.lora_alpha, lora_dropout=0.0, target_modules=targets,
        exclude_modules=_SEEING if "vision_tower" in names else None, task_type="CAUSAL_LM",
    )  # fmt: skip


def _end_of_action(model: Any, tokenizer: Any, *, chat: bool) -> int:
    """The token that ends an action whose own tokens are not known: the end of a turn in a chat, else a line break."""
    if chat:
        turn = [tokenizer.convert_tokens_to_ids(name) for name in ("<end_of_turn>", "<|im_end|>", "<|eot_id|>")]
        known = [i for i in turn if i is not None and i != tokenizer.unk_token_id]
        return known[0] if known else sorted(end_tokens(model, tokenizer))[0]
    return tokenizer("\n", add_special_tokens=False)["input_ids"][-1]


def _plain(name: str) -> str:
    return name.replace(".base_layer.", ".")


def _parts(count: int, size: int) -> list[slice]:
    return [slice(i, i + size) for i in range(0, count, size)]
