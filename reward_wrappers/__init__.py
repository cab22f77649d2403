"""Milestone rewards for any Gymnasium env.

>>> import gymnasium as gym
>>> from reward_wrappers import Milestone, MilestoneReward, observation_equals
>>> env = gym.make("FrozenLake-v1", map_name="8x8", is_slippery=False)
>>> env = MilestoneReward(env, [Milestone("half way", observation_equals(31))], scheme="pbrs", gamma=0.99)

Needs only gymnasium and numpy. ``docs/reward_wrappers.md`` says which scheme to use when, and what each guarantees.
"""

from reward_wrappers.declarative import (
    milestone_from_dict,
    milestone_to_dict,
    milestones_from_json,
    milestones_to_json,
    predicate_from_dict,
)
from reward_wrappers.errors import JudgeUnanswered, PluginError, PredicateError, RewardWrapperError
from reward_wrappers.judge import Judge, Question, describe_transition
from reward_wrappers.judge_client import JudgeClient, JudgeStats
from reward_wrappers.judged import JudgeAgreement, JudgedMilestone, judge_agreement
from reward_wrappers.milestone import Milestone, milestones_from_info
from reward_wrappers.milestone_reward import MilestoneReward
from reward_wrappers.mining import MinedMilestone, mine_milestones
from reward_wrappers.plugins import load_milestone_set, milestone_sets
from reward_wrappers.potential import PotentialReward, VectorPotentialReward
from reward_wrappers.predicate import Predicate, holds
from reward_wrappers.predicates import (
    answer_given,
    element_present,
    info_equals,
    milestone_reported,
    observation_at_least,
    observation_equals,
    reward_at_least,
    text_contains,
    url_matches,
)
from reward_wrappers.progress import ProgressLabeler, progress_labels
from reward_wrappers.quality import MilestoneQuality, milestone_quality
from reward_wrappers.quality_plot import plot_quality
from reward_wrappers.shaping import LinearAlpha, shaping_term
from reward_wrappers.step_penalty import StepPenalty, VectorStepPenalty
from reward_wrappers.trajectory import Step, Trajectory, TrajectoryLike, reach_times, record_trajectory, transitions
from reward_wrappers.transition import Transition
from reward_wrappers.vector import VectorMilestoneReward

__all__ = [
    "Judge",
    "JudgeAgreement",
    "JudgeClient",
    "JudgeStats",
    "JudgeUnanswered",
    "JudgedMilestone",
    "LinearAlpha",
    "Milestone",
    "MilestoneQuality",
    "MilestoneReward",
    "MinedMilestone",
    "PluginError",
    "PotentialReward",
    "Predicate",
    "PredicateError",
    "ProgressLabeler",
    "Question",
    "RewardWrapperError",
    "Step",
    "StepPenalty",
    "Trajectory",
    "TrajectoryLike",
    "Transition",
    "VectorMilestoneReward",
    "VectorPotentialReward",
    "VectorStepPenalty",
    "answer_given",
    "describe_transition",
    "element_present",
    "holds",
    "info_equals",
    "judge_agreement",
    "load_milestone_set",
    "milestone_from_dict",
    "milestone_quality",
    "milestone_reported",
    "milestone_sets",
    "milestone_to_dict",
    "milestones_from_info",
    "milestones_from_json",
    "milestones_to_json",
    "mine_milestones",
    "observation_at_least",
    "observation_equals",
    "plot_quality",
    "predicate_from_dict",
    "progress_labels",
    "reach_times",
    "record_trajectory",
    "reward_at_least",
    "shaping_term",
    "text_contains",
    "transitions",
    "url_matches",
]
