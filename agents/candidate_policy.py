"""``CandidatePolicy``: a small torch network that scores every action possible on the page shown.

It starts from a prior that knows pages but no task (what the goal speaks of is likelier, what was tried in vain is less
so) and learns what to add to it. Trains in minutes on a CPU. See ``features`` for what it sees; it never sees infos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from webarena_gym.actions import Stop, parse_action
from webarena_gym.errors import ActionSyntaxError

from .features import DENSE_FEATURES, STATE_FEATURES, VOCABULARY, Bags, Featurizer, StateFeatures
from .policy import ActionSample, ActionScores
from .trajectory import State


@dataclass(frozen=True, kw_only=True)
class CandidatePolicyConfig:
    """Sizes of the network and of what it looks at."""

    embedding: int = 32
    """Numbers per word."""
    hidden: int = 64
    max_candidates: int = 256
    """Actions considered on one page; the rest of a longer list cannot be taken."""
    cache_states: int = 8192
    """States whose features are kept, about 40 kB each: all of a replay buffer's, which every update goes through, or none of
    them are there when they are wanted again, and learning takes six times as long."""

    def __post_init__(self) -> None:
        if min(self.embedding, self.hidden, self.cache_states) < 1 or self.max_candidates < 64:
            raise ValueError(f"sizes must be positive and max_candidates at least 64, got {self}")


@dataclass(frozen=True)
class FeatureBatch:
    """B states with M candidates in all, as tensors. Candidates of one state stand together."""

    dense: Tensor
    """(M, DENSE_FEATURES)"""
    names: tuple[Tensor, Tensor]
    around: tuple[Tensor, Tensor]
    prior: Tensor
    """(M,)"""
    state_of: Tensor
    """(M,) int64: the state that a candidate belongs to."""
    column: Tensor
    """(M,) int64: its place among that state's candidates."""
    width: int
    """N of the state with the most candidates."""
    state: Tensor
    """(B, STATE_FEATURES)"""
    goal: tuple[Tensor, Tensor]
    page: tuple[Tensor, Tensor]
    last: tuple[Tensor, Tensor]

    @classmethod
    def of(cls, features: Sequence[StateFeatures]) -> FeatureBatch:
        counts = [len(f.actions) for f in features]
        return cls(
            dense=torch.from_numpy(np.concatenate([f.dense for f in features])),
            names=_joined([f.names for f in features]),
            around=_joined([f.around for f in features]),
            prior=torch.from_numpy(np.concatenate([f.prior for f in features])),
            state_of=torch.from_numpy(np.repeat(np.arange(len(features)), counts)),
            column=torch.from_numpy(np.concatenate([np.arange(n) for n in counts])),
            width=max(counts),
            state=torch.from_numpy(np.stack([f.state for f in features])),
            goal=_listed([f.goal for f in features]),
            page=_listed([f.page for f in features]),
            last=_listed([f.last for f in features]),
        )


def _joined(bags: Sequence[Bags]) -> tuple[Tensor, Tensor]:
    """The rows of several lists of bags as one, (ids, starts)."""
    before = np.cumsum([0] + [len(b.ids) for b in bags[:-1]])
    starts = np.concatenate([b.starts + n for b, n in zip(bags, before, strict=True)])
    ids = np.concatenate([b.ids for b in bags])
    return torch.from_numpy(ids.astype(np.int64)), torch.from_numpy(starts.astype(np.int64))


def _listed(rows: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
    """One bag per row, (ids, starts)."""
    starts = np.cumsum([0] + [len(row) for row in rows[:-1]])
    return torch.from_numpy(np.concatenate(rows).astype(np.int64)), torch.from_numpy(starts.astype(np.int64))


class CandidateNet(nn.Module):
    """Scores of candidates: what the words and numbers of each say, given what those of the state say."""

    def __init__(self, config: CandidatePolicyConfig) -> None:
        super().__init__()
        d, h = config.embedding, config.hidden
        self.words = nn.EmbeddingBag(VOCABULARY, d, mode="mean", padding_idx=0)
        self.of_candidate = nn.Linear(2 * d + DENSE_FEATURES, h)
        self.of_state = nn.Linear(3 * d + STATE_FEATURES, h)
        self.match = nn.Linear(3 * d + STATE_FEATURES, h)
        self.mix = nn.Linear(2 * h, h)
        self.out = nn.Linear(h, 1)
        nn.init.normal_(self.words.weight, std=0.1)
        nn.init.zeros_(self.out.weight)  # so that an untrained policy is the prior
        nn.init.zeros_(self.out.bias)

    def forward(self, batch: FeatureBatch) -> Tensor:
        """(M,) logits, the prior left out."""
        one = torch.cat([self.words(*batch.names), self.words(*batch.around), batch.dense], dim=1)  # (M, 2d + F)
        whole = torch.cat(
            [self.words(*batch.goal), self.words(*batch.page), self.words(*batch.last), batch.state], dim=1
        )  # (B, 3d + S)
        candidate = self.of_candidate(one)  # (M, h)
        added = torch.relu(candidate + self.of_state(whole)[batch.state_of])
        times = candidate * torch.tanh(self.match(whole))[batch.state_of]
        return self.out(torch.relu(self.mix(torch.cat([added, times], dim=1)))).squeeze(1)


class CandidateCritic(nn.Module):
    """A number for each state, from its words and numbers and the most that any candidate shows of each feature."""

    def __init__(self, config: CandidatePolicyConfig, featurizer: Featurizer) -> None:
        super().__init__()
        d, h = config.embedding, config.hidden
        self.words = nn.EmbeddingBag(VOCABULARY, d, mode="mean", padding_idx=0)
        self.body = nn.Sequential(
            nn.Linear(3 * d + STATE_FEATURES + DENSE_FEATURES, h), nn.ReLU(), nn.Linear(h, h), nn.ReLU()
        )
        self.out = nn.Linear(h, 1)
        nn.init.normal_(self.words.weight, std=0.1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self._featurize = featurizer

    def forward(self, states: Sequence[State]) -> Tensor:
        """(B,)"""
        features = [self._featurize(state) for state in states]
        most = torch.from_numpy(np.stack([f.dense.max(axis=0) for f in features]))  # (B, F)
        numbers = torch.from_numpy(np.stack([f.state for f in features]))  # (B, S)
        texts = [self.words(*_listed([getattr(f, name) for f in features])) for name in ("goal", "page", "last")]
        return self.out(self.body(torch.cat([*texts, numbers, most], dim=1))).squeeze(1)


class CandidatePolicy:
    """A policy over the candidates of the page. Equal seeds give equal weights.

    >>> policy = CandidatePolicy(seed=0)
    >>> state = State(('goal: Open the cart\\nstep 0/9\\ntitle: Shop\\nurl: http://a.test/\\n\\n[1] link "Cart" [2] link "Help"',))
    >>> policy.sample([state], [np.random.default_rng(0)], temperature=0.0)[0].text
    'click(1)'
    """

    def __init__(self, config: CandidatePolicyConfig | None = None, *, seed: int) -> None:
        self.config = config or CandidatePolicyConfig()
        self.featurizer = Featurizer(max_candidates=self.config.max_candidates, cache_states=self.config.cache_states)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.net = CandidateNet(self.config)

    def logits(self, states: Sequence[State]) -> tuple[Tensor, list[StateFeatures]]:
        """(B, N) log-probabilities, -inf where a state has fewer candidates than the most, and what they are about."""
        features = [self.featurizer(state) for state in states]
        batch = FeatureBatch.of(features)
        scores = self.net(batch) + batch.prior  # (M,)
        padded = scores.new_full((len(features), batch.width), -torch.inf)
        padded = padded.index_put((batch.state_of, batch.column), scores)  # (B, N)
        return torch.log_softmax(padded, dim=1), features

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        with torch.inference_mode():
            logprobs, features = self.logits(states)
        samples = []
        for row, of, random in zip(logprobs.numpy().astype(np.float64), features, randoms, strict=True):
            row = row[: len(of.actions)]
            chosen = int(row.argmax()) if temperature == 0 else _draw(row / temperature, random)
            samples.append(ActionSample(of.actions[chosen], float(row[chosen])))
        return samples

    def score(self, states: Sequence[State], actions: Sequence[str]) -> ActionScores:
        logprobs, features = self.logits(states)
        places = [_place(of.actions, action) for of, action in zip(features, actions, strict=True)]
        known = torch.tensor([place is not None for place in places])  # (B,)
        column = torch.tensor([place or 0 for place in places])  # (B,)
        taken = logprobs.gather(1, column[:, None])  # (B, 1)
        finite = logprobs.masked_fill(torch.isinf(logprobs), 0.0)
        entropy = -(logprobs.exp() * finite).sum(dim=1)  # (B,)
        return ActionScores(taken, known[:, None], entropy)

    def new_critic(self, seed: int) -> CandidateCritic:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return CandidateCritic(self.config, self.featurizer)

    def parameters(self) -> list[nn.Parameter]:
        return list(self.net.parameters())

    def state_dict(self) -> dict[str, Tensor]:
        return self.net.state_dict()

    def load_state_dict(self, state_dict: dict[str, Tensor]) -> None:
        self.net.load_state_dict(state_dict)


def _draw(logits: np.ndarray, random: np.random.Generator) -> int:
    """One index, by inverting the cumulative distribution at one uniform number."""
    weights = np.exp(logits - logits.max())
    cumulative = np.cumsum(weights)
    return min(int(np.searchsorted(cumulative, random.random() * cumulative[-1], side="right")), len(weights) - 1)


def _place(actions: tuple[str, ...], action: str) -> int | None:
    """The index of an action among the candidates, whatever its spelling; an answer may lack a currency sign."""
    if action in actions:
        return actions.index(action)
    try:
        parsed = parse_action(action)
    except ActionSyntaxError:
        return None
    if (canonical := parsed.to_text()) in actions:
        return actions.index(canonical)
    if not isinstance(parsed, Stop) or not parsed.answer:
        return None
    answers = ((index, parse_action(text)) for index, text in enumerate(actions) if text.startswith("stop("))
    wanted = _bare(parsed.answer)
    return next((index for index, stop in answers if isinstance(stop, Stop) and _bare(stop.answer) == wanted), None)


def _bare(answer: str) -> str:
    return answer.strip().lstrip("$€£").replace(",", "").casefold()
