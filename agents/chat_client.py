"""Any OpenAI-compatible endpoint: Gemini, GPT-4o, vLLM, a server on this machine. Retries, rate limit, counts, a disk cache.

The ``openai`` package does the talking, retries and time limits included; this file adds what an experiment needs around it.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from webarena_gym.errors import InfraError, MissingDependency

T = TypeVar("T")


class ChatError(InfraError):
    """The endpoint gave no usable answer, after all retries. Never a wrong answer of the model."""


@dataclass(frozen=True, kw_only=True)
class ChatConfig:
    """An endpoint and how to use it.

    Raises:
        ValueError: A field is out of range.
    """

    model: str
    base_url: str | None = None
    """None for what OPENAI_BASE_URL says, else OpenAI's own; ``https://generativelanguage.googleapis.com/v1beta/openai/`` is Gemini's."""
    api_key: str | None = field(default=None, repr=False)
    """None for what OPENAI_API_KEY says. Never written beside results."""
    timeout_s: float = 60.0
    """Of one request."""
    retries: int = 4
    """After a failure, with growing pauses; a server's Retry-After is honoured."""
    requests_per_minute: float | None = None
    """None for as many as are asked."""
    parallel: int = 8
    """Requests on their way at once."""
    temperature: float = 0.0
    reasoning_effort: str | None = None
    """The thinking budget, where the model has one: low, medium, high, or what the endpoint knows."""
    usd_per_million_input: float = 0.0
    usd_per_million_output: float = 0.0
    cache_dir: Path | None = None
    """Answers are kept here, and equal requests answered from it; only at temperature 0."""

    def __post_init__(self) -> None:
        if self.timeout_s <= 0 or self.retries < 0 or self.parallel < 1 or self.temperature < 0:
            raise ValueError(f"want timeout_s above 0, retries >= 0, parallel >= 1 and temperature >= 0, got {self}")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise ValueError(f"requests_per_minute is above 0 or None, got {self.requests_per_minute}")

    def to_json(self) -> dict[str, Any]:
        """Without the key."""
        return {k: str(v) if isinstance(v, Path) else v for k, v in asdict(self).items() if k != "api_key"}


@dataclass(slots=True)
class ChatUsage:
    """What was asked and what it cost so far."""

    requests: int = 0
    """Sent, retries of the client library not counted."""
    cached: int = 0
    failures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0


class Completion(NamedTuple):
    """What a server wrote after a prompt, token by token."""

    token_ids: tuple[int, ...]
    logprobs: tuple[float, ...]
    """In nats, as the server reports them."""


class ChatClient:
    """A ``TextModel`` at an endpoint. Safe to use from several threads."""

    def __init__(self, config: ChatConfig) -> None:
        try:
            from openai import OpenAI, OpenAIError
        except ImportError:
            raise MissingDependency("openai", "chat", "an OpenAI-compatible endpoint") from None
        self.config, self.usage = config, ChatUsage()
        self._lock = threading.Lock()
        self._next_at = 0.0
        # A server of one's own wants no key, but the client does.
        key = config.api_key if config.base_url is None else config.api_key or "none"
        try:
            self._client = OpenAI(
                base_url=config.base_url, api_key=key, timeout=config.timeout_s, max_retries=config.retries
            )
        except OpenAIError as error:
            raise ChatError(f"{config.model}: {error}") from error

    @property
    def name(self) -> str:
        return self.config.model

    def complete(self, prompts: Sequence[str], *, max_tokens: int) -> list[str]:
        """One answer to each prompt. Raises ``ChatError`` if any cannot be had; those that came are in the cache."""
        return self.chat([[{"role": "user", "content": prompt}] for prompt in prompts], max_tokens=max_tokens)

    def chat(self, conversations: Sequence[Sequence[dict[str, str]]], *, max_tokens: int, temperature: float | None = None,
             seeds: Sequence[int] | None = None) -> list[str]:  # fmt: skip
        """The next turn of each conversation; with ``seeds`` for endpoints that take one."""
        heat = self.config.temperature if temperature is None else temperature
        given = seeds or [None] * len(conversations)
        with ThreadPoolExecutor(self.config.parallel) as pool:
            jobs = [
                pool.submit(self._one, list(c), max_tokens, heat, s) for c, s in zip(conversations, given, strict=True)
            ]
            return [job.result() for job in jobs]

    def complete_tokens(self, prompts: Sequence[Sequence[int]], *, model: str | None = None, max_tokens: int, temperature: float,
                        seeds: Sequence[int], stop: Sequence[str]) -> list[Completion]:  # fmt: skip
        """What the completions endpoint writes after each prompt of token ids, up to and with the token that ends it.

        The server must report the ids of the tokens it drew and their log-probabilities: vLLM and SGLang do.

        Raises:
            ChatError: The server failed, or reports no such thing.
        """
        requests = [
            {
                "model": model or self.config.model, "prompt": list(prompt), "max_tokens": max_tokens, "temperature": temperature,
                "seed": seed, "stop": list(stop), "logprobs": 1,
                # vLLM's names and SGLang's for the same wishes; a server does not mind a name it does not know.
                "extra_body": {
                    "return_tokens_as_token_ids": True, "return_token_ids": True, "include_stop_str_in_output": True,
                    "no_stop_trim": True,
                },
            }
            for prompt, seed in zip(prompts, seeds, strict=True)
        ]  # fmt: skip
        with ThreadPoolExecutor(self.config.parallel) as pool:
            return list(pool.map(self._complete_tokens, requests))

    def post(self, path: str, body: dict[str, Any]) -> None:
        """Ask a server for something beyond OpenAI's interface, below its base address. Raises ``ChatError``."""
        import httpx

        self._reported(lambda: self._client.post(path, cast_to=httpx.Response, body=body))

    def _one(self, messages: list[dict[str, str]], max_tokens: int, temperature: float, seed: int | None) -> str:
        request: dict[str, Any] = {
            "model": self.config.model, "messages": messages, "max_tokens": max_tokens, "temperature": temperature,
        }  # fmt: skip
        if seed is not None and temperature > 0:
            request["seed"] = seed
        if self.config.reasoning_effort is not None:
            request["reasoning_effort"] = self.config.reasoning_effort
        file = self._cache_file(request) if temperature == 0 else None
        if file is not None and (known := _read(file)) is not None:
            with self._lock:
                self.usage.cached += 1
            return known
        answer = self._ask(request)
        if file is not None:
            _write(file, {"request": request, "answer": answer})
        return answer

    def _ask(self, request: dict[str, Any]) -> str:
        def asked() -> tuple[str, Any]:
            reply = self._client.chat.completions.create(**request)
            answer = reply.choices[0].message.content
            if not isinstance(answer, str):
                raise ChatError(f"{self.config.model} answered without text (finish: {reply.choices[0].finish_reason})")
            return answer, reply.usage

        answer, usage = self._reported(asked)
        self._count(usage)
        return answer

    def _complete_tokens(self, request: dict[str, Any]) -> Completion:
        def asked() -> tuple[Completion, Any]:
            reply = self._client.completions.create(**request)
            return _completion(reply.choices[0], self.config.model), reply.usage

        completion, usage = self._reported(asked)
        self._count(usage)
        return completion

    def _reported(self, asked: Callable[[], T]) -> T:
        """What ``asked`` returns; whatever goes wrong in it is counted, and a ``ChatError``."""
        from openai import OpenAIError

        self._wait_for_turn()
        try:
            return asked()
        except OpenAIError as error:
            self._failed()
            raise ChatError(f"{self.config.model}: {type(error).__name__}: {error}") from error
        except (AttributeError, IndexError, TypeError, ValueError) as error:  # an answer of another shape
            self._failed()
            raise ChatError(f"{self.config.model} gave a malformed answer: {type(error).__name__}: {error}") from error
        except ChatError:
            self._failed()
            raise

    def _wait_for_turn(self) -> None:
        with self._lock:
            self.usage.requests += 1
            if self.config.requests_per_minute is None:
                return
            now = time.monotonic()
            at = max(now, self._next_at)
            self._next_at = at + 60.0 / self.config.requests_per_minute
        time.sleep(max(0.0, at - now))

    def _failed(self) -> None:
        with self._lock:
            self.usage.failures += 1

    def _count(self, usage: Any) -> None:
        read, written = getattr(usage, "prompt_tokens", 0) or 0, getattr(usage, "completion_tokens", 0) or 0
        config = self.config
        with self._lock:
            self.usage.input_tokens += read
            self.usage.output_tokens += written
            self.usage.usd += (read * config.usd_per_million_input + written * config.usd_per_million_output) / 1e6

    def _cache_file(self, request: dict[str, Any]) -> Path | None:
        if self.config.cache_dir is None:
            return None
        key = json.dumps({**request, "base_url": self.config.base_url}, sort_keys=True)
        return self.config.cache_dir / f"{hashlib.sha256(key.encode()).hexdigest()}.json"


def _completion(choice: Any, model: str) -> Completion:
    """The tokens of one choice; ids are in ``token_ids`` (SGLang, vLLM) or in place of the tokens' texts (vLLM)."""
    logprobs = choice.logprobs
    if logprobs is None or not logprobs.token_logprobs:
        raise ChatError(f"{model} reports no log-probabilities of what it writes, which training needs; vLLM does")
    ids = getattr(choice, "token_ids", None)
    if not ids:
        marked = [str(token).partition("token_id:") for token in logprobs.tokens]
        if not all(mark and number.isdecimal() for _, mark, number in marked):
            raise ChatError(
                f"{model} reports no token ids (return_tokens_as_token_ids), which training needs; vLLM does"
            )
        ids = [int(number) for _, _, number in marked]
    return Completion(tuple(ids), tuple(float(value) for value in logprobs.token_logprobs[: len(ids)]))


def _read(file: Path) -> str | None:
    try:
        answer = json.loads(file.read_text(encoding="utf-8"))["answer"]
    except (OSError, ValueError, KeyError, TypeError):  # none there, or cut short: ask again
        return None
    return answer if isinstance(answer, str) else None


def _write(file: Path, content: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{threading.get_ident()}.{os.getpid()}")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    os.replace(unfinished, file)
