"""Processes that benchmarks play and train in."""

from __future__ import annotations

import os

import pytest
from webarena_gym.benchmarks.workers import as_done, process_pool


def begin() -> None:
    import torch  # noqa: F401


def threads() -> int:
    import torch

    return torch.get_num_threads()


def test_a_worker_trains_in_one_thread_even_where_torch_came_in_with_the_module_of_its_work():
    from webarena_gym.benchmarks import demo_training

    # demo_training imports torch, and is imported to read the pool's arguments, before anything could set a variable.
    with process_pool(1, _begin_with, demo_training.DemoTraining()) as pool:
        assert pool.submit(threads).result() == 1


def test_a_worker_that_imports_torch_later_trains_in_one_thread_too():
    with process_pool(1, begin) as pool:
        assert pool.submit(threads).result() == 1


def test_calls_are_done_here_or_in_other_processes_and_what_one_raises_reaches_the_reader():
    calls = [(number, 1) for number in (2, 3, 4)]
    assert list(as_done(_over, calls, 1)) == [(2.0, os.getpid()), (3.0, os.getpid()), (4.0, os.getpid())]
    results = sorted(as_done(_over, calls, 2))
    assert [quotient for quotient, _ in results] == [2.0, 3.0, 4.0]
    assert os.getpid() not in {process for _, process in results}
    with pytest.raises(ZeroDivisionError):
        list(as_done(_over, [*calls, (1, 0)], 2))


def _over(number: int, divisor: int) -> tuple[float, int]:
    """The quotient, and the process that found it."""
    return number / divisor, os.getpid()


def _begin_with(config: object) -> None:
    """Nothing: the argument's module is what counts."""
