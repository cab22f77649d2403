"""``SubgoalPlanner``: only the checker's word counts, nothing of ``info`` is seen, a stall makes new subgoals."""

from __future__ import annotations

from collections.abc import Sequence

import gymnasium as gym
import numpy as np
import pytest
from webarena_gym.agents.candidate_policy import CandidatePolicy
from webarena_gym.agents.planner import PlannedSubgoals, PlannerConfig, Progress, SubgoalPlanner, subgoals_in
from webarena_gym.agents.policy import ActionSample
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.trajectory import State

from reward_wrappers import JudgedMilestone, MilestoneReward
from tests.agents.fakes import TinyShop, observation_text
from webarena_gym.errors import InfraError


class Writer:
    """A ``TextModel`` with these answers, one after another; the last one again and again."""

    name = "writer"

    def __init__(self, *answers: str) -> None:
        self.answers, self.prompts = list(answers), []

    def complete(self, prompts: Sequence[str], *, max_tokens: int) -> list[str]:
        self.prompts += prompts
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0] for _ in prompts]


class Words:
    """A judge that holds a subgoal true when the address on the page ends in its last word."""

    name = "words"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def decide(self, questions) -> list[bool | None]:
        self.asked += [q.description for q in questions]
        return [f"/{q.description.split()[-1]}\n" in q.evidence for q in questions]


class Recorder:
    """Notes what it is shown."""

    def __init__(self) -> None:
        self.seen: list[State] = []

    def sample(self, states, randoms, *, temperature: float = 1.0) -> list[ActionSample]:
        self.seen += states
        return [ActionSample("click(1)", None) for _ in states]


def walk(*pages: str) -> State:
    """An episode that saw these pages."""
    return State(
        tuple(observation_text("Pay", t, f"http://a.test/{p}", ['[1] link "On"']) for t, p in enumerate(pages)),
        tuple(f"click({t})" for t in range(1, len(pages))),
    )


PLAN = "1. open the cart\n2. open the checkout\n3. stand on paid"


def planner(writer: Writer, judge: Words | None = None, **config) -> SubgoalPlanner:
    return SubgoalPlanner(Recorder(), writer, checker=judge or Words(), config=PlannerConfig(**config))


def progress(plan: SubgoalPlanner, *pages: str) -> Progress:
    (found,) = plan.progress([walk(*pages)])
    return found


def test_subgoals_fall_in_order_and_stay():
    plan = planner(Writer(PLAN))
    assert progress(plan, "home").reached == (False, False, False)
    assert progress(plan, "home", "paid").reached == (False, False, False)  # the last one first does not count
    assert progress(plan, "home", "cart").reached == (True, False, False)
    assert progress(plan, "home", "cart", "home").reached == (True, False, False)
    assert progress(plan, "home", "cart", "home", "checkout").current == "stand on paid"


def test_one_page_may_confirm_several():
    plan = planner(Writer("see cart\nknow cart\nleave it"))
    assert progress(plan, "cart").reached == (True, True, False)


def test_what_was_found_out_is_not_asked_again():
    writer, judge = Writer(PLAN), Words()
    plan = planner(writer, judge)
    progress(plan, "home")
    progress(plan, "home", "cart")
    asked = len(judge.asked)
    progress(plan, "home", "cart")
    assert len(judge.asked) == asked and len(writer.prompts) == 1


def test_a_planner_that_starts_in_mid_episode_comes_to_the_same():
    pages = ("home", "cart", "home", "checkout")
    step_by_step = planner(Writer(PLAN))
    for n in range(1, 5):
        last = progress(step_by_step, *pages[:n])
    assert progress(planner(Writer(PLAN)), *pages) == last


def test_a_stall_makes_new_subgoals_for_what_is_left():
    writer = Writer(PLAN, "search for paid\nstand on paid")
    plan = planner(writer, stall_steps=2, max_replans=1)
    found = progress(plan, "home", "cart", "a", "b")
    assert found == Progress(("open the cart", "search for paid", "stand on paid"), 1, 0, 1)
    assert "Done so far: open the cart" in writer.prompts[1] and "Stalled at: open the checkout" in writer.prompts[1]
    assert progress(plan, "home", "cart", "a", "b", "c", "d", "e").replans == 1  # no more than allowed
    assert len(writer.prompts) == 2


def test_the_policy_sees_verified_progress_in_the_header():
    plan = planner(Writer(PLAN))
    plan.sample([walk("home", "cart")], [np.random.default_rng(0)])
    header, body = plan.policy.seen[0].observation.split("\n\n", 1)
    assert header.endswith(
        "progress: [x] open the cart\nprogress: [ ] open the checkout  <- now\nprogress: [ ] stand on paid"
    )
    assert body == '[1] link "On"' and plan.policy.seen[0].actions == ("click(1)",)


def test_a_claim_of_the_policy_counts_for_nothing():
    said = State(walk("home", "home").observations, ('stop("open the cart: done, /cart")',))
    (found,) = planner(Writer(PLAN)).progress([said])
    assert found.done == 0


class RandomMilestones(gym.Wrapper):
    """The same env with coin flips for milestones in its infos."""

    def __init__(self, env, seed: int) -> None:
        super().__init__(env)
        self._random = np.random.default_rng(seed)

    def _flipped(self, info):
        return {**info, "milestones": {name: bool(self._random.integers(2)) for name in info["milestones"]}}

    def reset(self, **kwargs):
        observation, info = self.env.reset(**kwargs)
        return observation, self._flipped(info)

    def step(self, action):
        *rest, info = self.env.step(action)
        return (*rest, self._flipped(info))


def test_milestones_of_the_env_reach_neither_prompts_nor_policy():
    shown = []
    for seed in (1, 2):
        writer = Writer("find it\nsay it")
        plan = planner(writer)
        env = RandomMilestones(TinyShop(max_steps=4), seed)
        InProcessCollector([env]).collect(plan, [EpisodeRequest(3, 3)])
        shown.append((writer.prompts, plan.policy.seen))
    assert shown[0] == shown[1] and shown[0][1]


def test_it_wraps_a_policy_that_trains():
    inner = CandidatePolicy(seed=0)
    plan = SubgoalPlanner(inner, Writer(PLAN), checker=Words())
    scores = plan.score([walk("home")], ["click(1)"])
    assert scores.known.tolist() == [True] and list(plan.parameters()) == inner.parameters()
    assert plan.sample([walk("home")], [np.random.default_rng(0)], temperature=0.0)[0].logprob is not None


def test_examples_come_from_the_pages_own_site():
    writer = Writer(PLAN)
    page = observation_text("Star it", 0, "http://gitlab.test/explore", ['[1] link "On"'])
    planner(writer, examples=1).progress([State((page,))])
    assert (
        "dark mode" in writer.prompts[0]
        and "desk fans" not in writer.prompts[0]
        and "Task: Star it" in writer.prompts[0]
    )


def test_nothing_usable_leaves_the_task_as_the_subgoal():
    assert progress(planner(Writer("\n\n")), "home").subgoals == ("Pay",)
    assert subgoals_in("Subgoals:\n- a\n* open it\n* open it", 4) == ("open it",)


def test_a_checker_that_leaves_verdicts_out_is_an_infrastructure_error():
    class Lazy:
        name = "lazy"

        def decide(self, questions):
            return []

    with pytest.raises(InfraError, match="0 verdicts on 1 questions"):
        SubgoalPlanner(Recorder(), Writer(PLAN), checker=Lazy()).progress([walk("home")])


def test_its_subgoals_can_be_milestones():
    judge = Words()
    env = PlannedSubgoals(TinyShop(), planner(Writer("read about/catalog\nstop at/nowhere")))
    env = MilestoneReward(env, lambda info: [JudgedMilestone(s, judge) for s in info["subgoals"]], alpha=0.5)
    _, info = env.reset(seed=1)
    assert info["subgoals"] == ("read about/catalog", "stop at/nowhere") and info["milestones_reached"] == ()
