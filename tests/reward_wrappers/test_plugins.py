"""Milestone sets that other packages offer, found by name. The packages here are installed in a temporary folder."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reward_wrappers import (
    Milestone,
    MilestoneReward,
    PluginError,
    VectorMilestoneReward,
    load_milestone_set,
    milestone_sets,
    observation_equals,
)
from tests.reward_wrappers.fakes import ScriptedEnv, TextCorridor, play

Install = Callable[..., None]

MODULE = """
from reward_wrappers import Milestone, milestones_from_info, observation_equals
TOWER = [Milestone("one", observation_equals(1)), {"name": "two", "when": {"type": "observation_equals", "value": 2}}]
def for_task(info): return TOWER[: info["level"]]
def angry(info): raise RuntimeError("no milestones today")
NUMBER = 7
TWICE = [TOWER[0], TOWER[0]]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package ``acme-tower`` 1.2 with the given entry points, as pip would leave it on disk."""

    def installed(**entry_points: str) -> None:
        (tmp_path / "acme_tower.py").write_text(MODULE)
        info = tmp_path / "acme_tower-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Acme_Tower\nVersion: 1.2\n")
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in entry_points.items()]
        (info / "entry_points.txt").write_text("\n".join(["[reward_wrappers.milestones]", *lines]))
        monkeypatch.syspath_prepend(tmp_path)

    yield installed
    sys.modules.pop("acme_tower", None)


def test_a_set_is_listed_and_used_by_package_and_name(install: Install) -> None:
    install(the_tower="acme_tower:TOWER")
    assert "acme-tower:the-tower" in milestone_sets()
    assert "acme_tower" not in sys.modules  # listing imports nothing
    env = MilestoneReward(ScriptedEnv([0, 1, 2]), "acme-tower:the-tower", alpha=0.4)
    assert [reward for reward, _ in play(env, [0, 0])] == pytest.approx([0.2, 0.2])


def test_the_package_may_be_spelt_as_its_author_or_pip_spells_it(install: Install) -> None:
    install(tower="acme_tower:TOWER")
    assert load_milestone_set("Acme_Tower:tower") is load_milestone_set("acme.tower:tower")


def test_a_set_may_be_a_callable_of_the_reset_info(install: Install) -> None:
    install(task="acme_tower:for_task")
    env = MilestoneReward(ScriptedEnv([0, 1, 2], infos=[{"level": 1}]), "acme-tower:task", alpha=0.4)
    assert [reward for reward, _ in play(env, [0, 0])] == pytest.approx([0.4, 0.0])


def test_an_envs_own_milestones_may_arrive_the_same_way(install: Install) -> None:
    install(own="acme_tower:milestones_from_info")
    env = MilestoneReward(TextCorridor(3), "acme-tower:own", alpha=0.4)
    assert [reward for reward, _ in play(env, ["right", "right"])] == pytest.approx([0.2, 1.2])


def test_a_spec_keeps_the_name_of_the_set(install: Install) -> None:
    import gymnasium as gym

    install(tower="acme_tower:TOWER")
    env = MilestoneReward(gym.make("FrozenLake-v1"), "acme-tower:tower")
    assert env.spec.additional_wrappers[-1].kwargs["milestones"] == "acme-tower:tower"
    gym.make(env.spec)


def test_an_unknown_set_is_an_error_that_suggests_a_known_one(install: Install) -> None:
    install(tower="acme_tower:TOWER")
    with pytest.raises(
        PluginError, match="offers the milestone set 'acme-tower:towr'; did you mean 'acme-tower:tower'"
    ):
        MilestoneReward(ScriptedEnv([0]), "acme-tower:towr")
    with pytest.raises(
        PluginError, match=r"no installed package offers the milestone set 'zzz'; installed are .*acme-tower:tower"
    ):
        load_milestone_set("zzz")


@pytest.mark.parametrize(
    ("entry_point", "complaint"),
    [
        ("acme_gone:TOWER", "does not load: ModuleNotFoundError: No module named 'acme_gone'"),
        ("acme_tower:GONE", "does not load: AttributeError: .*GONE"),
        ("acme_tower:NUMBER", "is a int; it should be a list of milestones or a callable"),
    ],
)
def test_a_broken_plug_in_names_itself_its_package_and_its_object(
    install: Install, entry_point: str, complaint: str
) -> None:
    install(tower=entry_point)
    who = rf"milestone set 'acme-tower:tower' \({entry_point}, from acme-tower 1.2\) "
    with pytest.raises(PluginError, match=who + complaint):
        MilestoneReward(ScriptedEnv([0]), "acme-tower:tower")


def test_a_plug_in_that_breaks_later_names_itself_too(install: Install) -> None:
    install(angry="acme_tower:angry", twice="acme_tower:TWICE")
    with pytest.raises(PluginError, match="'acme-tower:angry' failed: RuntimeError: no milestones today"):
        MilestoneReward(ScriptedEnv([0]), "acme-tower:angry").reset()
    with pytest.raises(PluginError, match=r"'acme-tower:twice' is not valid: .*more than one 'one'"):
        MilestoneReward(ScriptedEnv([0]), "acme-tower:twice")


def test_a_broken_plug_in_does_no_harm_to_others(install: Install) -> None:
    install(broken="acme_gone:TOWER", tower="acme_tower:TOWER")
    assert {"acme-tower:broken", "acme-tower:tower"} <= set(milestone_sets())
    assert load_milestone_set("acme-tower:tower")[0] == Milestone("one", observation_equals(1))


def test_a_vector_env_takes_a_set_by_name_as_well(install: Install) -> None:
    from gymnasium.vector import SyncVectorEnv

    install(tower="acme_tower:TOWER")
    envs = VectorMilestoneReward(SyncVectorEnv([lambda: ScriptedEnv([0, 1, 2])] * 2), "acme-tower:tower", alpha=0.4)
    envs.reset()
    assert envs.step([0, 0])[1].tolist() == [0.2, 0.2]
