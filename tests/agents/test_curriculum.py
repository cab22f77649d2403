"""New tasks from failed ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from webarena_gym.agents.curriculum import Curriculum, nearby_ids
from webarena_gym.agents.rollout import InProcessCollector
from webarena_gym.agents.train import TrainEvent, train
from webarena_gym.agents.train_config import TrainConfig
from webarena_gym.agents.trajectory import State
from webarena_gym.agents.trajectory_file import read_trajectories

from tests.agents.episodes import episode
from tests.agents.fakes import TinyShop
from webarena_gym.errors import UnknownTask


def failed(task_id: str):
    return episode([0.0], success=False, task_id=task_id)


def states(tasks) -> list[State | None]:
    return [None if str(task).endswith("9") else State((str(task),)) for task in tasks]


def values(of: float):
    return lambda states: np.full(len(states), of)


def proposed(curriculum: Curriculum, value: float, count: int = 4) -> list:
    return curriculum.propose(count, states, values(value), np.random.default_rng(0))


def test_nearby_tasks_are_of_the_same_family():
    near = nearby_ids("find_price-000100")
    assert len(near) == 60
    assert {"find_price-000070", "find_price-000130"} <= set(near)
    assert "find_price-000100" not in near


def test_official_tasks_have_no_neighbours():
    assert nearby_ids(36) == []


def test_tasks_are_proposed_near_failed_ones():
    curriculum = Curriculum()
    curriculum.note([failed("a-000100"), episode([1.0], task_id="b-000100")])
    found = proposed(curriculum, 0.5)
    assert len(found) == 4
    assert all(task in nearby_ids("a-000100") for task in found)


@pytest.mark.parametrize(("value", "kept"), [(0.04, False), (0.05, True), (0.75, True), (0.76, False)])
def test_the_value_filter_keeps_what_is_neither_hopeless_nor_solved(value, kept):
    curriculum = Curriculum()
    curriculum.note([failed("a-000100")])
    assert bool(proposed(curriculum, value)) is kept


def test_tasks_that_do_not_exist_are_passed_over():
    curriculum = Curriculum(neighbours=lambda task: ["a-000009"])
    curriculum.note([failed("a-000001")])
    assert proposed(curriculum, 0.5) == []


def test_a_task_that_was_solved_later_is_forgotten():
    curriculum = Curriculum()
    curriculum.note([failed("a-000100")])
    curriculum.note([episode([1.0], task_id="a-000100")])
    assert curriculum.failed == []


def test_an_episode_cut_off_by_an_infrastructure_error_was_not_failed():
    curriculum = Curriculum()
    curriculum.note([replace(failed("a-000100"), success=None)])
    assert curriculum.failed == []


def test_without_failures_nothing_is_proposed():
    assert proposed(Curriculum(), 0.5) == []


def test_a_filter_that_keeps_nothing_is_refused():
    with pytest.raises(ValueError, match="low to high"):
        Curriculum(low=0.8, high=0.2)


class NumberedShop(TinyShop):
    """Knows the tasks shop-0 to shop-40."""

    def reset(self, *, seed=None, options=None):
        if options and int(options["task_id"].rpartition("-")[2]) > 40:
            raise UnknownTask(options["task_id"])
        return super().reset(seed=seed, options=options)


def test_a_collector_shows_how_tasks_begin():
    found = InProcessCollector([NumberedShop()]).first_states(["shop-7", "shop-41"])
    assert "goal: " in found[0].observation and found[1] is None


@pytest.mark.parametrize("algorithm", ["webrl", "webrl-code", "mira"])
def test_a_run_trains_on_proposed_tasks_unless_told_not_to(algorithm, tmp_path):
    def asked(curriculum: bool) -> int:
        out = tmp_path / str(curriculum)
        options = {"curriculum": curriculum, "episodes_per_update": 8, "value_low": 0.0, "value_high": 1.0}
        config = TrainConfig(
            algorithm=algorithm, env_steps=150, eval_episodes=0, save_trajectories=True, options=options
        )
        events: list[TrainEvent] = []
        train(config, lambda tasks: NumberedShop(), out=out, callbacks=(events.append,))
        return (out / "trajectories.jsonl").read_text().count('"requested_task":"shop-')

    assert asked(True) > 0
    assert asked(False) == 0


def test_tasks_near_failed_ones_are_trained_on_only_where_the_run_lists_them(tmp_path):
    listed = tuple(f"shop-{number}" for number in range(0, 40, 2))
    options = {"episodes_per_update": 8, "value_low": 0.0, "value_high": 1.0}
    config = TrainConfig(
        algorithm="webrl", env_steps=150, eval_episodes=0, save_trajectories=True, tasks=listed, options=options
    )
    train(config, lambda tasks: NumberedShop(), out=tmp_path)
    episodes = read_trajectories(tmp_path / "trajectories.jsonl").trajectories
    proposed = {episode.requested_task for episode in episodes if episode.requested_task is not None}
    assert proposed and proposed <= set(listed)
