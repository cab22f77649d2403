"""Processes that benchmarks play and train in."""

from __future__ import annotations

from webarena_gym.benchmarks.workers import process_pool


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


def _begin_with(config: object) -> None:
    """Nothing: the argument's module is what counts."""
