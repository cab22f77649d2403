"""``JudgeClient``: asks a judge with a cache, batches, a timeout, retries and a budget, and counts what went wrong."""

from __future__ import annotations

import os
import queue
import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reward_wrappers.judge import Judge, Question
from reward_wrappers.judge_cache import JudgeCache, cache_key

_REMEMBERED = 100_000  # verdicts kept in memory; each takes about 200 bytes


@dataclass
class JudgeStats:
    """What became of the questions so far. ``asked = remembered + answered + unanswered``."""

    asked: int = 0
    """Questions put to the client."""
    remembered: int = 0
    """Of those, verdicts that memory or the disk already held, and repeats within one batch."""
    answered: int = 0
    """Verdicts that the judge gave."""
    unanswered: int = 0
    """No verdict: failed, timed out, over budget, or the judge could not tell."""
    sent: int = 0
    """Questions sent to the judge, retries included; what the budget limits."""
    failures: int = 0
    """Calls that raised or gave a wrong number of verdicts, retries included."""
    timeouts: int = 0
    """Calls that took longer than ``timeout_s``, retries included."""
    over_budget: int = 0
    """Questions not sent, or not sent again, since the budget was spent."""
    cache_errors: int = 0
    """Reads and writes of the cache folder that failed."""
    last_error: str = ""


class JudgeClient:
    """Puts questions to a judge and never raises for what the judge does. Share one among several milestones.

    Equal questions are sent once: within a batch, in memory (the last 100,000 verdicts) and, with ``cache_dir``, on disk,
    where any number of processes may share a folder. What a judge failed to answer is not kept, so it is asked again on
    the next step. Copies of a client made by ``copy`` are the client itself; a pickled one starts with its budget as it was.

    Args:
        judge: Who decides.
        cache_dir: Folder for verdicts; None keeps none on disk.
        timeout_s: Longest wait for one call, in seconds; None waits for ever. A call that takes longer is abandoned in a
            background thread.
        retries: Further attempts after a call that raised or timed out.
        retry_wait_s: Wait before the first retry, in seconds; it doubles with each.
        budget: Most questions to send, retries included, in this process; None for no limit.
        max_batch: Most questions in one call.

    Raises:
        TypeError: If ``judge`` has no ``name`` or no ``decide``.
        ValueError: If a limit is negative, or a batch or a timeout is not positive.
    """

    def __init__(
        self,
        judge: Judge,
        *,
        cache_dir: str | os.PathLike[str] | None = None,
        timeout_s: float | None = 60.0,
        retries: int = 2,
        retry_wait_s: float = 1.0,
        budget: int | None = None,
        max_batch: int = 32,
    ) -> None:
        if not isinstance(judge, Judge):
            raise TypeError(f"a judge has a `name` and a method `decide(questions)`, got {judge!r}")
        if retries < 0 or retry_wait_s < 0 or (budget is not None and budget < 0):
            raise ValueError(f"no limit may be negative, got {retries=}, {retry_wait_s=}, {budget=}")
        if max_batch < 1 or (timeout_s is not None and timeout_s <= 0):
            raise ValueError(
                f"a batch holds 1 question or more and a timeout is positive, got {max_batch=}, {timeout_s=}"
            )
        self._judge = judge
        self._cache = None if cache_dir is None else JudgeCache(cache_dir)
        self._timeout_s, self._retries, self._retry_wait_s = timeout_s, retries, retry_wait_s
        self._budget, self._max_batch = budget, max_batch
        self._memory: OrderedDict[str, bool] = OrderedDict()
        self._prefetched: dict[str, bool | None] = {}
        self._stats = JudgeStats()
        self._lock = threading.RLock()

    @property
    def stats(self) -> JudgeStats:
        """The counts so far, as a copy."""
        return replace(self._stats)

    def ask(self, questions: Sequence[Question]) -> list[bool | None]:
        """One verdict per question, in order; None where there is none."""
        with self._lock:
            keys = [self._key(question) for question in questions]
            verdicts = {key: self._recall(key) for key in keys}
            missing = {key: question for key, question in zip(keys, questions, strict=True) if verdicts[key] is None}
            todo = list(missing.items())
            for start in range(0, len(todo), self._max_batch):
                batch = dict(todo[start : start + self._max_batch])
                verdicts.update(self._send(batch))
            answered = sum(verdicts[key] is not None for key in missing)
            unanswered = sum(verdicts[key] is None for key in keys)
            self._stats.asked += len(keys)
            self._stats.answered += answered
            self._stats.unanswered += unanswered
            self._stats.remembered += len(keys) - answered - unanswered
            return [verdicts[key] for key in keys]

    def prefetch(self, questions: Sequence[Question]) -> None:
        """Ask now, together, what ``verdict`` is about to be asked one by one. Replaces what was fetched before."""
        with self._lock:
            verdicts = self.ask(questions)
            self._prefetched = {
                self._key(question): verdict for question, verdict in zip(questions, verdicts, strict=True)
            }

    def verdict(self, question: Question) -> bool | None:
        """The verdict on one question: as just fetched, also if that was none, else asked now."""
        with self._lock:
            key = self._key(question)
            return self._prefetched[key] if key in self._prefetched else self.ask([question])[0]

    def _key(self, question: Question) -> str:
        return cache_key(self._judge.name, question)

    def _recall(self, key: str) -> bool | None:
        if key in self._memory:
            self._memory.move_to_end(key)
            return self._memory[key]
        if self._cache is None:
            return None
        try:
            verdict = self._cache.get(key)
        except OSError as error:
            self._cache_failed(error)
            return None
        if verdict is not None:
            self._remember(key, verdict)
        return verdict

    def _remember(self, key: str, verdict: bool) -> None:
        self._memory[key] = verdict
        if len(self._memory) > _REMEMBERED:
            self._memory.popitem(last=False)

    def _send(self, batch: dict[str, Question]) -> dict[str, bool | None]:
        """Send a batch, with retries; keeps and returns what verdicts come back."""
        verdicts: dict[str, bool | None] = {}
        for attempt in range(self._retries + 1):
            left = len(batch) if self._budget is None else max(self._budget - self._stats.sent, 0)
            if left < len(batch):
                self._stats.over_budget += len(batch) - left
                self._failed(f"the budget of {self._budget} questions is spent")
                batch = dict(list(batch.items())[:left])
            if not batch:
                break
            if attempt:
                time.sleep(self._retry_wait_s * 2 ** (attempt - 1))
            self._stats.sent += len(batch)
            try:
                verdicts = self._decide(list(batch.values()), keys=list(batch))
                break
            except TimeoutError as error:
                self._stats.timeouts += 1
                self._failed(str(error))
            except (
                Exception
            ) as error:  # a judge is code and a service of others: whatever it raises is counted, not fatal
                self._stats.failures += 1
                self._failed(f"{type(error).__name__}: {error}")
        for key, verdict in verdicts.items():
            if verdict is not None:
                self._remember(key, verdict)
                self._keep(key, verdict, batch[key])
        return verdicts

    def _decide(self, questions: list[Question], *, keys: list[str]) -> dict[str, bool | None]:
        verdicts = list(_within(self._timeout_s, lambda: self._judge.decide(questions)))
        if len(verdicts) != len(questions):
            raise ValueError(f"judge {self._judge.name!r} gave {len(verdicts)} verdicts on {len(questions)} questions")
        return {key: None if verdict is None else bool(verdict) for key, verdict in zip(keys, verdicts, strict=True)}

    def _keep(self, key: str, verdict: bool, question: Question) -> None:
        if self._cache is not None:
            try:
                self._cache.put(key, verdict, judge_name=self._judge.name, question=question)
            except OSError as error:
                self._cache_failed(error)

    def _cache_failed(self, error: OSError) -> None:
        self._stats.cache_errors += 1
        self._failed(f"cache: {error}")

    def _failed(self, error: str) -> None:
        if not self._stats.last_error:
            warnings.warn(
                f"judge {self._judge.name!r}: {error}. Milestones it gives no verdict on stay unreached; this is said once, "
                "see the client's `stats` for the counts",
                RuntimeWarning,
                stacklevel=2,
            )
        self._stats.last_error = error

    def __deepcopy__(self, memo: dict[int, Any]) -> JudgeClient:
        return self  # one budget, one cache and one set of counts, however often an env or its spec is copied

    def __copy__(self) -> JudgeClient:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.RLock()


def _within(timeout_s: float | None, function: Callable[[], Any]) -> Any:
    """What ``function()`` returns or raises, or a ``TimeoutError`` after ``timeout_s`` seconds."""
    if timeout_s is None:
        return function()
    outcome: queue.SimpleQueue[tuple[bool, Any]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((True, function()))
        except Exception as error:  # carried to the caller's thread, whatever it is
            outcome.put((False, error))

    # A daemon thread, not an executor: an executor waits at exit for a call that never returns.
    threading.Thread(target=run, daemon=True, name="judge").start()
    try:
        finished, value = outcome.get(timeout=timeout_s)
    except queue.Empty:
        raise TimeoutError(f"no verdict within {timeout_s} s") from None
    if not finished:
        raise value
    return value
