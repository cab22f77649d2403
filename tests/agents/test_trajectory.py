"""Records, batches, and the file they live in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webarena_gym.agents.trajectory import Batch, State, Step, Trajectory
from webarena_gym.agents.trajectory_file import (
    TrajectoryFileError,
    append_trajectories,
    read_trajectories,
    trajectory_from_json,
    trajectory_to_json,
    write_trajectories,
)

from reward_wrappers import ProgressLabeler


def episode(
    actions: int, *, success: bool | None = True, terminated: bool = True, infra_error: str | None = None
) -> Trajectory:
    steps = tuple(
        Step(observation=f"o{t}", action=f"click({t})", logprob=-1.0, reward=0.25, task_reward=float(t == actions - 1),
             milestones={"a": t >= 1})
        for t in range(actions)
    )  # fmt: skip
    return Trajectory(task_id="x-1", env_seed=1, policy_seed=2, steps=steps, final_observation=f"o{actions}", success=success,
                      terminated=terminated, truncated=not terminated, infra_error=infra_error,
                      reset_milestones={"a": False})  # fmt: skip


def test_a_state_holds_one_observation_more_than_actions():
    assert State(("o0",)).after("back()", "o1") == State(("o0", "o1"), ("back()",))


def test_the_states_of_an_episode_end_with_what_its_last_action_led_to():
    assert [s.observation for s in episode(2).states()] == ["o0", "o1", "o2"]
    assert episode(2).states()[2].actions == ("click(0)", "click(1)")


def test_a_batch_lists_the_actions_of_its_episodes_in_order():
    batch = Batch.of([episode(2), episode(1, success=False, terminated=False)])
    assert batch.actions == ("click(0)", "click(1)", "click(0)")
    assert batch.episode.tolist() == [0, 0, 1]
    assert batch.time.tolist() == [0, 1, 0]
    assert batch.last.tolist() == [False, True, True]
    assert batch.terminated.tolist() == [False, True, False]  # the second episode was cut off, its task did not end
    assert batch.success.tolist() == [1, 1, 0]
    assert batch.next_states[1].observation == "o2"


def test_an_episode_with_an_infrastructure_error_is_counted_and_not_learned_from():
    batch = Batch.of([episode(2, success=None, terminated=False, infra_error="SiteError: down"), episode(1)])
    assert (batch.size, batch.infra_errors, len(batch.trajectories)) == (1, 1, 1)


def test_a_batch_of_nothing_is_empty():
    batch = Batch.of([])
    assert batch.size == 0 and batch.last.shape == (0,) and batch.time.shape == (0,)


def test_progress_labels_read_a_trajectory_as_it_is():
    # K = 1 milestone, reached at step 2 but anchored at the end, H = 3: p* = t / 3.
    np.testing.assert_allclose(ProgressLabeler()(episode(3)), [0, 1 / 3, 2 / 3, 1])


texts = st.text(st.characters(codec=None), max_size=20)  # unpaired surrogates included


@given(texts, texts, st.one_of(st.none(), st.floats(-1e9, 0)), st.sampled_from([True, False, None]))
def test_a_trajectory_comes_back_from_json_as_it_was(observation, action, logprob, success):
    step = Step(
        observation=observation, action=action, logprob=logprob, token_logprobs=(-0.5, -1.5), milestones={"é": True}
    )
    whole = Trajectory(task_id=3, env_seed=None, policy_seed=0, steps=(step,), final_observation=observation, success=success,
                       terminated=True, truncated=False, versions={"numpy": "2"})  # fmt: skip
    assert trajectory_from_json(trajectory_to_json(whole)) == whole


def test_episodes_are_appended(tmp_path):
    file = tmp_path / "folder" / "episodes.jsonl"
    append_trajectories(file, [episode(1)])
    size = append_trajectories(file, [episode(2), episode(3)])
    assert [len(t.steps) for t in read_trajectories(file).trajectories] == [1, 2, 3]
    assert size == file.stat().st_size


def test_a_line_cut_short_is_reported_by_the_reader_and_removed_by_the_next_writer(tmp_path):
    file = tmp_path / "episodes.jsonl"
    append_trajectories(file, [episode(1)])
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])  # as a process leaves it that dies in mid-write
    found = read_trajectories(file)
    assert (len(found.trajectories), found.cut_short_bytes) == (1, 40)
    append_trajectories(file, [episode(2)])
    assert [len(t.steps) for t in read_trajectories(file).trajectories] == [1, 2]


def test_a_file_of_nothing_but_a_cut_line_starts_over(tmp_path):
    file = tmp_path / "episodes.jsonl"
    file.write_bytes(b'{"format":1')
    append_trajectories(file, [episode(1)])
    assert len(read_trajectories(file).trajectories) == 1


def test_a_broken_line_in_the_middle_is_an_error_that_names_it(tmp_path):
    file = tmp_path / "episodes.jsonl"
    file.write_text(trajectory_to_json(episode(1)) + "\nnonsense\n")
    with pytest.raises(TrajectoryFileError, match="line 2"):
        read_trajectories(file)


def test_another_format_is_refused():
    line = trajectory_to_json(episode(1)).replace('"format":1', '"format":999')
    with pytest.raises(TrajectoryFileError, match="not of format 1"):
        trajectory_from_json(line)


def test_writing_replaces_the_file_whole(tmp_path):
    file = tmp_path / "episodes.jsonl"
    write_trajectories(file, [episode(1), episode(1)])
    write_trajectories(file, [episode(2)])
    assert [len(t.steps) for t in read_trajectories(file).trajectories] == [2]
    assert list(tmp_path.iterdir()) == [file]
