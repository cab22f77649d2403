"""MilestoneReward on one env: what it pays, what it reports, and what it refuses."""

from __future__ import annotations

import math
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.error import ResetNeeded

from reward_wrappers import (
    LinearAlpha,
    Milestone,
    MilestoneReward,
    PredicateError,
    StepPenalty,
    Transition,
    observation_equals,
    url_matches,
)
from reward_wrappers.tracker import MilestoneTracker
from tests.reward_wrappers.fakes import ScriptedEnv, TextCorridor, play

AT_1 = Milestone("one", observation_equals(1))
AT_2 = Milestone("two", observation_equals(2), weight=3.0)


def rewards(env: gym.Env, steps: int) -> list[float]:
    return [reward for reward, _ in play(env, [0] * steps)]


def test_bonus_pays_each_milestone_its_share_of_alpha_once_an_episode() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1, 2, 1, 2], rewards=[0, 0, 0, 1]), [AT_1, AT_2], alpha=0.4)
    # Weights 1 and 3: shares 1/4 and 3/4 of 0.4. Coming back to 1 and 2 pays nothing; the last step's own reward is 1.
    assert rewards(env, 4) == pytest.approx([0.1, 0.3, 0.0, 1.0])
    assert rewards(env, 4) == pytest.approx([0.1, 0.3, 0.0, 1.0])  # and again in the next episode


def test_paper_pays_the_same_numbers_as_bonus_since_milestones_never_unhappen() -> None:
    script = ScriptedEnv([0, 2, 0, 1, 0])
    paper, bonus = (rewards(MilestoneReward(script, [AT_1, AT_2], scheme=scheme), 4) for scheme in ("paper", "bonus"))
    assert paper == pytest.approx(bonus)
    assert paper == pytest.approx([0.225, 0.0, 0.075, 0.0])  # 0.3 * 3/4, then 0.3 * 1/4


def test_pbrs_counts_the_end_of_the_task_as_no_progress() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1, 0, 2]), [AT_1, AT_2], scheme="pbrs", alpha=0.4, gamma=0.5)
    # P: 0, 1/4, 1/4, then terminal 0. 0.4 * (0.5 * 1/4 - 0); 0.4 * (0.5 * 1/4 - 1/4); 0.4 * (0 - 1/4).
    assert rewards(env, 3) == pytest.approx([0.05, -0.05, -0.1])


def test_pbrs_does_not_take_truncation_for_the_end_of_the_task() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1, 0, 2], end="truncated"), [AT_1, AT_2], scheme="pbrs", alpha=0.4, gamma=0.5)
    # As above but for the last step: 0.4 * (0.5 * 1 - 1/4).
    assert rewards(env, 3) == pytest.approx([0.05, -0.05, 0.1])


def test_what_holds_at_reset_sets_the_first_potential_and_is_never_paid() -> None:
    bonus = MilestoneReward(ScriptedEnv([1, 1, 2]), [AT_1, AT_2], alpha=0.4)
    assert bonus.reset()[1]["milestones_reached"] == ("one",)
    assert [bonus.step(0)[1], bonus.step(0)[1]] == pytest.approx([0.0, 0.3])
    pbrs = MilestoneReward(ScriptedEnv([1, 1, 2]), [AT_1, AT_2], scheme="pbrs", alpha=0.4, gamma=0.5)
    # P: 1/4, 1/4, terminal 0. 0.4 * (0.5 * 1/4 - 1/4), then 0.4 * (0 - 1/4).
    assert rewards(pbrs, 2) == pytest.approx([-0.05, -0.1])


@pytest.mark.parametrize("scheme", ["bonus", "paper"])
def test_when_everything_holds_at_reset_nothing_is_paid(scheme: Any) -> None:
    env = MilestoneReward(ScriptedEnv([1, 1, 1]), [AT_1], scheme=scheme)
    assert rewards(env, 2) == [0.0, 0.0]


def test_ordered_milestones_wait_for_their_turn() -> None:
    script = ScriptedEnv([0, 2, 1, 2])
    unordered = MilestoneReward(script, [AT_1, AT_2], alpha=0.4)
    assert rewards(unordered, 3) == pytest.approx([0.3, 0.1, 0.0])
    ordered = MilestoneReward(script, [AT_1, AT_2], alpha=0.4, ordered=True)
    assert rewards(ordered, 3) == pytest.approx([0.0, 0.1, 0.3])


def test_ordered_milestones_may_be_reached_on_the_same_step() -> None:
    below_5 = Milestone("below five", lambda t: t.next_observation < 5)
    env = MilestoneReward(ScriptedEnv([9, 1, 9]), [below_5, AT_1], alpha=0.4, ordered=True)
    (first, info), _ = play(env, [0, 0])
    assert first == pytest.approx(0.4)
    assert info["milestones_reached"] == ("below five", "one")


def test_info_keeps_the_tasks_own_reward_apart_from_the_shaping() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1], rewards=[1.0]), [AT_1], alpha=0.25)
    ((reward, info),) = play(env, [0])
    assert (reward, info["task_reward"], info["shaping"]) == (1.25, 1.0, 0.25)
    assert env.reward(7.0) == 7.25  # reward() adds the last step's term to any number


def test_stacked_wrappers_keep_the_innermost_task_reward_and_add_up_their_shaping() -> None:
    env = StepPenalty(MilestoneReward(ScriptedEnv([0, 1], rewards=[1.0]), [AT_1], alpha=0.25), penalty=0.5)
    ((reward, info),) = play(env, [0])
    # 1 of the task, + 0.25 for the milestone, - 0.5 for the step.
    assert (reward, info["task_reward"], info["shaping"]) == (0.75, 1.0, -0.25)


def test_the_envs_own_info_dict_is_left_alone() -> None:
    class Keeper(ScriptedEnv):
        def step(self, action: int) -> Any:
            *rest, self.given = super().step(action)
            return *rest, self.given

    inner = Keeper([0, 1])
    play(MilestoneReward(inner, [AT_1]), [0])
    assert inner.given == {}


def test_milestones_none_takes_the_envs_own_from_the_info() -> None:
    env = MilestoneReward(TextCorridor(rooms=4), alpha=0.3)  # rooms 1, 2 and 3, and the goal is in 3
    steps = play(env, ["right", "left", "right", "right", "right"])
    assert [reward for reward, _ in steps] == pytest.approx([0.1, 0.0, 0.0, 0.1, 1.1])
    assert steps[-1][1]["milestones_reached"] == ("room 1", "room 2", "room 3")


def test_the_env_may_weigh_its_own_milestones() -> None:
    env = MilestoneReward(TextCorridor(rooms=3, weights={"room 2": 4.0}), alpha=0.5)  # room 1 weighs 1
    assert [reward for reward, _ in play(env, ["right", "right"])] == pytest.approx([0.1, 1.4])


def test_an_env_without_milestones_of_its_own_is_an_error_that_says_what_to_do() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1], infos=[{"prob": 1.0}]))
    with pytest.raises(
        ValueError, match=r"offers no milestones: .* among the keys \['prob'\]; pass milestones=\[...\]"
    ):
        env.reset()


def test_a_task_with_an_empty_dict_of_milestones_is_not_shaped() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1], rewards=[1.0], infos=[{"milestones": {}}]), scheme="pbrs", gamma=0.9)
    assert rewards(env, 1) == [1.0]


def test_a_callable_of_the_reset_info_chooses_milestones_per_episode() -> None:
    def for_task(info: Any) -> list[Any]:
        return (
            [AT_1] if info["task"] == "walk" else [{"name": "go", "when": {"type": "observation_equals", "value": 2}}]
        )

    walk = MilestoneReward(ScriptedEnv([0, 1, 2], infos=[{"task": "walk"}]), for_task, alpha=0.4)
    jump = MilestoneReward(ScriptedEnv([0, 1, 2], infos=[{"task": "jump"}]), for_task, alpha=0.4)
    assert rewards(walk, 2) == pytest.approx([0.4, 0.0])
    assert rewards(jump, 2) == pytest.approx([0.0, 0.4])


def test_milestones_may_be_given_in_the_declarative_form() -> None:
    declared = [{"name": "one", "when": {"type": "observation_equals", "value": 1}, "weight": 2}]
    assert rewards(MilestoneReward(ScriptedEnv([0, 1]), declared, alpha=0.4), 1) == pytest.approx([0.4])


def test_a_predicate_sees_the_whole_transition() -> None:
    seen: list[Transition] = []

    def watch(transition: Transition) -> bool:
        seen.append(transition)
        return False

    script = ScriptedEnv([5, 6, 7], rewards=[0.5, 0.0], infos=[{"k": 0}, {"k": 1}])
    play(MilestoneReward(script, [Milestone("x", watch)]), [1, 0])
    assert seen == [
        Transition(None, None, 5, None, False, False, {"k": 0}),
        Transition(5, 1, 6, 0.5, False, False, {"k": 1}),
        Transition(6, 0, 7, 0.0, True, False, {}),
    ]


def test_an_infra_error_adds_nothing_and_reaches_nothing() -> None:
    env = MilestoneReward(
        TextCorridor(), [Milestone("wall", url_matches("room/0$") & (lambda t: t.action is not None))]
    )
    ((reward, info),) = play(env, ["left"])
    # The page after the failure matches, yet nobody's action led there.
    assert (reward, info["shaping"], info["milestones_reached"]) == (0.0, 0.0, ())
    pbrs = MilestoneReward(TextCorridor(), scheme="pbrs", gamma=0.5)
    assert [r for r, _ in play(pbrs, ["right", "left", "left"])][-1] == 0.0


def test_an_alpha_schedule_moves_at_reset_only() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1, 2]), [AT_1, AT_2], alpha=LinearAlpha(0.4, 0.0, episodes=2))
    # Episode 0 at 0.4, episode 1 at 0.2, episode 2 and later at 0.
    assert [rewards(env, 2) for _ in range(4)] == [pytest.approx(r) for r in ([0.1, 0.3], [0.05, 0.15], [0, 0], [0, 0])]


def test_a_schedule_that_turns_negative_is_an_error_that_names_the_episode() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1]), [AT_1], alpha=lambda episode: 0.5 - episode)
    env.reset()
    with pytest.raises(ValueError, match=r"gave -0.5 for episode 1"):
        env.reset()


def test_step_before_reset_is_an_error() -> None:
    with pytest.raises(ResetNeeded, match=r"call reset\(\) before step\(\) on MilestoneReward"):
        MilestoneReward(ScriptedEnv([0, 1]), [AT_1]).step(0)


@pytest.mark.parametrize("weight", [-1.0, 0.0, math.nan, math.inf, "2"])
def test_a_weight_that_is_not_positive_and_finite_is_an_error_that_names_the_milestone(weight: Any) -> None:
    with pytest.raises(ValueError, match="weight of milestone 'x' must be positive and finite"):
        Milestone("x", observation_equals(1), weight=weight)


def test_weights_that_overflow_together_are_an_error() -> None:
    with pytest.raises(ValueError, match="only their ratio matters, so scale them down"):
        MilestoneReward(ScriptedEnv([0]), [Milestone(n, observation_equals(1), weight=1e308) for n in ("a", "b")])


def test_duplicate_names_are_an_error_that_names_them() -> None:
    with pytest.raises(ValueError, match="more than one 'one'"):
        MilestoneReward(ScriptedEnv([0]), [AT_1, AT_2, AT_1])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"scheme": "pbrs"}, "scheme='pbrs' needs gamma"),
        ({"scheme": "pbrs", "gamma": 1.5}, "gamma is a discount, above 0 and at most 1, got 1.5"),
        ({"scheme": "pbrs", "gamma": 0.0}, "gamma is a discount"),
        ({"scheme": "bonnus"}, "unknown scheme 'bonnus'; use one of 'bonus', 'paper', 'pbrs'"),
        ({"alpha": 0.0}, "leave the wrapper out to turn shaping off"),
        ({"alpha": math.nan}, "alpha must be positive and finite, got nan"),
        ({"alpha": -0.3}, "alpha must be positive and finite"),
    ],
)
def test_an_invalid_constant_is_a_value_error_that_says_what_to_do(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        MilestoneReward(ScriptedEnv([0]), [AT_1], **arguments)


def test_an_empty_list_is_an_error_and_so_is_a_list_of_something_else() -> None:
    with pytest.raises(ValueError, match="list of milestones is empty"):
        MilestoneReward(ScriptedEnv([0]), [])
    with pytest.raises(TypeError, match="expected Milestone objects or their declarative form, got 'cart'"):
        MilestoneReward(ScriptedEnv([0]), ["cart"])
    with pytest.raises(TypeError, match="milestones is a list of Milestone"):
        MilestoneReward(ScriptedEnv([0]), 3)


def test_an_exception_in_a_predicate_names_the_milestone_and_keeps_the_cause() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1]), [Milestone("broken", lambda t: not t.is_reset and t.info["url"])])
    env.reset()
    with pytest.raises(
        PredicateError, match="predicate of milestone 'broken' raised KeyError: 'url' on a step"
    ) as caught:
        env.step(0)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_predicate_that_forgets_the_reset_is_told_what_is_none_there() -> None:
    env = MilestoneReward(ScriptedEnv([0, 1]), [Milestone("hasty", lambda t: t.reward > 0)])
    with pytest.raises(PredicateError, match="at reset a transition's observation, action and reward are None"):
        env.reset()


@pytest.mark.parametrize("ordered", [False, True])
def test_a_predicate_that_returns_none_is_an_error_rather_than_a_no(ordered: bool) -> None:
    env = MilestoneReward(ScriptedEnv([0, 1]), [Milestone("mute", lambda t: None)], ordered=ordered)
    with pytest.raises(PredicateError, match="it returned None; return True or False"):
        env.reset()


def test_reset_recovers_wholly_from_a_step_that_raised() -> None:
    fail = [True]
    angry = Milestone("angry", lambda t: not t.is_reset and (1 / 0 if fail[0] else False))
    env = MilestoneReward(ScriptedEnv([0, 1, 2]), [AT_1, angry], alpha=0.4)
    env.reset()
    with pytest.raises(PredicateError):
        env.step(0)
    fail[0] = False
    assert rewards(env, 2) == pytest.approx([0.2, 0.0])


def test_ten_thousand_milestones_are_each_paid_once() -> None:
    steps = 50
    many = [Milestone(f"m{i}", observation_equals(1 + i % steps)) for i in range(10_000)]
    env = MilestoneReward(ScriptedEnv(list(range(steps + 1))), many, alpha=1.0)
    # 10,000 over 50 steps: 200 a step, 0.02 of alpha = 1.
    assert rewards(env, steps) == pytest.approx([0.02] * steps)
    ordered = MilestoneReward(
        ScriptedEnv([0, 1]), [Milestone(str(i), observation_equals(1)) for i in range(10_000)], ordered=True
    )
    assert rewards(ordered, 1) == pytest.approx([0.3])


def test_all_milestones_together_are_worth_exactly_one_in_any_order() -> None:
    # Floating point: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1, and neither over the other is 1.
    tenths = [Milestone(f"m{i}", observation_equals(i), weight=i / 10) for i in (1, 2, 3)]
    tracker = MilestoneTracker(tenths, Transition.at_reset(0, {}))
    for state in (3, 2, 1):
        tracker.advance(Transition(0, 0, state, 0.0, False, False, {}))
    assert tracker.progress == 1.0


def test_a_predicate_is_not_asked_again_once_it_held() -> None:
    asked: list[int] = []

    def once(transition: Transition) -> bool:
        asked.append(transition.next_observation)
        return transition.next_observation == 1

    play(MilestoneReward(ScriptedEnv([0, 1, 2, 3]), [Milestone("one", once)]), [0, 0, 0])
    assert asked == [0, 1]


def test_one_milestone_object_serves_several_envs_without_mixing_their_memories() -> None:
    there_and_back = [Milestone("back", observation_equals(1).then(observation_equals(0)))]
    left = MilestoneReward(ScriptedEnv([0, 1, 0]), there_and_back)
    right = MilestoneReward(ScriptedEnv([0, 5, 0]), there_and_back)
    left.reset(), right.reset()
    assert [env.step(0)[1] for _ in range(2) for env in (left, right)] == pytest.approx([0.0, 0.0, 0.3, 0.0])
