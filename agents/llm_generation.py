"""Writing actions token by token: batched, with the keys and values of the prompt kept, each row by its own generator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from .action_grammar import can_become_action, is_action

if TYPE_CHECKING:
    import regex


class Written(NamedTuple):
    """What one row wrote."""

    text: str
    token_ids: tuple[int, ...]
    """The tokens of the text and, where it ended, the one that ended it."""
    logprobs: tuple[float, ...]
    """Of exactly these tokens, in nats, at temperature 1, without any constraint."""


class Padded(NamedTuple):
    """Rows of unlike length as one batch, the padding on the left so that all end in the same column."""

    ids: Tensor
    """(B, L) int64"""
    mask: Tensor
    """(B, L) int64, 1 on tokens"""

    @property
    def positions(self) -> Tensor:
        """(B, L): a token's place in its own row; what padding gets has no meaning."""
        return (self.mask.cumsum(dim=1) - 1).clamp(min=0)


def pad_left(rows: Sequence[Sequence[int]], pad_id: int, device: Any) -> Padded:
    """The batch of these rows."""
    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, longest - len(row) :] = torch.tensor(row)
        mask[i, longest - len(row) :] = 1
    return Padded(ids.to(device), mask.to(device))


class ActionWriter:
    """Generates actions with one model. An action ends at a line break, an end token, or after ``max_tokens``.

    With ``pattern`` a token is taken only if the text can still become an action, and an end only after a whole one. Rows are
    drawn from the model's distribution restricted to such tokens; reported log-probabilities stay the unrestricted ones,
    which scoring reproduces.
    """

    def __init__(
        self, model: Any, tokenizer: Any, *, max_tokens: int, pattern: regex.Pattern[str] | None = None
    ) -> None:
        self._model, self._tokenizer, self._max_tokens, self._pattern = model, tokenizer, max_tokens, pattern
        self._ends = end_tokens(model, tokenizer)
        self._pieces: dict[int, str] = {}

    @torch.inference_mode()
    def write(
        self, prompts: Sequence[Sequence[int]], randoms: Sequence[np.random.Generator], *, temperature: float
    ) -> list[Written]:
        """One action for each prompt; ``temperature`` 0 takes the most probable token each time."""
        device = next(self._model.parameters()).device
        batch = pad_left(prompts, self._tokenizer.pad_token_id or 0, device)
        rows = [_Row(random) for random in randoms]
        ids, mask, positions, cache = batch.ids, batch.mask, batch.positions, None
        for number in range(self._max_tokens):
            out = self._model(
                input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True, logits_to_keep=1
            )  # fmt: skip
            cache = out.past_key_values
            logprobs = torch.log_softmax(out.logits[:, -1].float(), dim=-1).cpu()  # (B, V)
            for row, of_row in zip(rows, logprobs, strict=True):
                if not row.ended:
                    self._extend(row, of_row, temperature, last=number == self._max_tokens - 1)
            if all(row.ended for row in rows):
                break
            ids = torch.tensor([[row.ids[-1]] for row in rows], device=device)
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], dim=1)
            positions = positions[:, -1:] + 1
        return [Written(row.text.strip(), tuple(row.ids), tuple(row.logprobs)) for row in rows]

    def _extend(self, row: _Row, logprobs: Tensor, temperature: float, *, last: bool) -> None:
        token = self._choose(row, logprobs, temperature)
        row.ids.append(token)
        row.logprobs.append(float(logprobs[token]))
        piece = self._piece(token)
        ends = token in self._ends or "\n" in piece
        if token not in self._ends:
            row.text = self._tokenizer.decode(row.ids, skip_special_tokens=True).split("\n", 1)[0]
        row.ended = ends or last

    def _choose(self, row: _Row, logprobs: Tensor, temperature: float) -> int:
        if self._pattern is None:
            return int(logprobs.argmax()) if temperature == 0 else _draw(logprobs / temperature, row.random)
        scores = logprobs.double().numpy()
        if temperature:  # Gumbel's trick: the first allowed in this order is a draw from the allowed
            scores = scores / temperature + row.random.gumbel(size=scores.shape)
        for token in _descending(scores):
            if self._allowed(row, int(token)):
                return int(token)
        raise AssertionError(f"no token of the vocabulary continues {row.text!r}")

    def _allowed(self, row: _Row, token: int) -> bool:
        assert self._pattern is not None
        if token in self._ends:
            return is_action(self._pattern, row.text)
        text = self._tokenizer.decode([*row.ids, token], skip_special_tokens=True)
        if "\n" in text:
            before = text.split("\n", 1)[0]
            return before == row.text and is_action(self._pattern, row.text)
        # A token that adds no character (half of a letter, or nothing) could go on without end.
        return len(text) > len(row.text) and "\ufffd" not in text and can_become_action(self._pattern, text)

    def _piece(self, token: int) -> str:
        if token not in self._pieces:
            self._pieces[token] = self._tokenizer.decode([token])
        return self._pieces[token]


class _Row:
    """One action while it is written."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        self.ids: list[int] = []
        self.logprobs: list[float] = []
        self.text = ""
        self.ended = False


def end_tokens(model: Any, tokenizer: Any) -> frozenset[int]:
    """The tokens that end an answer: the tokenizer's own, those of the model's generation settings, a chat's end of turn."""
    configured = getattr(getattr(model, "generation_config", None), "eos_token_id", None)
    listed = configured if isinstance(configured, list) else [configured]
    turns = [tokenizer.convert_tokens_to_ids(name) for name in ("<end_of_turn>", "<|im_end|>", "<|eot_id|>")]
    unknown = tokenizer.unk_token_id
    return frozenset(i for i in (tokenizer.eos_token_id, *listed, *turns) if i is not None and i != unknown)


def _draw(logits: Tensor, random: np.random.Generator) -> int:
    """One token, by inverting the cumulative distribution at one uniform number."""
    cumulative = torch.cumsum(torch.softmax(logits.double(), dim=0), dim=0)
    place = torch.searchsorted(cumulative, random.random() * float(cumulative[-1]), right=True)
    return min(int(place), len(logits) - 1)


def _descending(scores: np.ndarray) -> Any:
    """Indices from the greatest score down; the first few are found without sorting the rest."""
    few = min(64, len(scores))
    first = np.argpartition(-scores, few - 1)[:few]
    first = first[np.argsort(-scores[first], kind="stable")]
    yield from first
    taken = set(first.tolist())
    yield from (i for i in np.argsort(-scores, kind="stable") if int(i) not in taken)
