"""What ``bench algorithms`` compares: arms, sites, tasks and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

START = "start"  # the policy that every arm begins with, not trained further


@dataclass(frozen=True, kw_only=True)
class Arm:
    """One way to go on from the common start. ``options`` are the fields of the algorithm's config that it changes."""

    name: str
    algorithm: str
    about: str
    """For a table, a few words."""
    against: str = "webrl"
    """The arm it is tested against, pair by pair."""
    options: Mapping[str, Any] = field(default_factory=dict)
    reward: str = "sparse"
    """The env's own: the task's, or a scheme of milestone rewards."""
    alpha: float = 0.3
    """Scale of that scheme."""


# Chosen on seed 100 for both from beta 0.1, 0.3 and 1 (the paper's range), and alpha from 0.3, 0.8, 2 and 4.
REGRESSION = {"beta": 0.3}
POTENTIAL = {**REGRESSION, "alpha": 2.0}


def _ablation(name: str, about: str, **options: Any) -> Arm:
    return Arm(name=name, algorithm="mira", about=about, against="mira", options={**POTENTIAL, **options})


# In the order in which they are run, so that what is there after a while answers the first questions first.
ARMS = (
    Arm(
        name="webrl",
        algorithm="webrl",
        about="regression towards the advantage of r",
        against=START,
        options=REGRESSION,
    ),
    Arm(name="mira", algorithm="mira", about="the same with a learned potential in r', alpha 2", options=POTENTIAL),
    Arm(name="bc", algorithm="bc", about="further demonstrations", against=START),
    Arm(name="ppo", algorithm="ppo", about="clipped policy gradient"),
    Arm(name="filtered-bc", algorithm="filtered-bc", about="imitation of own successes"),
    Arm(name="awr", algorithm="awr", about="advantage-weighted imitation"),
    Arm(name="digirl", algorithm="digirl", about="imitation of what two value functions pass"),
    Arm(name="webrl-code", algorithm="webrl-code", about="what WebRL's released trainer does"),
    Arm(name="reinforce", algorithm="reinforce", about="policy gradient with a baseline"),
    Arm(name="rloo", algorithm="rloo", about="policy gradient, the group's others as baseline"),
    Arm(name="grpo", algorithm="grpo", about="clipped policy gradient, returns standardized by group"),
    _ablation("mira-kl", "KL in place of squared error", objective="kl"),
    _ablation("mira-one-step", "no doubly robust advantage: the shaped one-step part alone", advantage="one_step"),
    _ablation("mira-return", "no doubly robust advantage: the return alone", advantage="return"),
    _ablation("mira-pbrs", "shaping pbrs in place of paper", shaping="pbrs"),
    _ablation("mira-annealed", "alpha falls to 0 over 8 phases", alpha_end=0.0, alpha_updates=8),
    _ablation("mira-gamma-1", "gamma 1 in place of 0.9", gamma=1.0),
    _ablation("mira-alpha-0.3", "the paper's alpha 0.3 in place of 2", alpha=0.3),
    Arm(
        name="mira-milestones",
        algorithm="mira",
        about="the env's milestones as the potential, alpha 2",
        against="mira",
        options={**REGRESSION, "shaping": "env"},
        reward="paper",
        alpha=2.0,
    ),
)


@dataclass(frozen=True, kw_only=True)
class SiteTasks:
    """A site and the families of its generated tasks: ``families`` to train and validate on, ``heldout`` never trained on."""

    site: str
    families: tuple[str, ...]
    heldout: tuple[str, ...]
    start_steps: int
    """Demonstrated actions that the common start is cloned from: so few that it solves about two tasks in five."""


SITES = (
    SiteTasks(
        site="shopping",
        families=("product_price", "order_fact", "search_sorted", "cart_add", "category_open"),
        heldout=("price_range", "cheapest_in_category", "wish_list_pair"),
        start_steps=600,
    ),
    SiteTasks(
        site="reddit",
        families=("post_author", "text_post", "forum_sort", "post_vote", "post_comment"),
        heldout=("forum_hide", "forum_top", "link_post"),
        start_steps=800,
    ),
)


@dataclass(frozen=True, kw_only=True)
class AlgorithmsConfig:
    """What is trained, and how. Written beside the results; results of another config are not gone on with."""

    seeds: int = 5
    """Runs of each arm on each site, seeded from ``first_seed`` on."""
    first_seed: int = 0
    env_steps: int = 1000
    """Of each run, after the common start."""
    sites: tuple[SiteTasks, ...] = SITES
    arms: tuple[str, ...] = field(default=tuple(arm.name for arm in ARMS))
    train_tasks: int = 180
    """Listed of each family."""
    val_tasks: int = 15
    """Listed of each family, parameters that training never meets; likewise of the held-out families."""
    max_steps: int = 10
    """Actions an episode."""
    learning_rate: float = 1e-3
    """Of every arm's policy."""
    start_learning_rate: float = 3e-3
    eval_every: int = 250
    """Steps between the points of a learning curve."""
    curve_episodes: int = 24
    """Of each point: val tasks, the same in every run."""
    val_episodes: int = 48
    """At the end; the first of them are the curve's."""
    heldout_episodes: int = 24
    """At the end, of the families never trained on."""

    def __post_init__(self) -> None:
        positive = ("seeds", "env_steps", "train_tasks", "val_tasks", "max_steps", "learning_rate", "start_learning_rate",
                    "eval_every", "curve_episodes", "val_episodes", "heldout_episodes")  # fmt: skip
        for name in positive:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        if self.val_episodes < self.curve_episodes:
            raise ValueError(
                f"val_episodes cannot be fewer than curve_episodes, got {self.val_episodes} and {self.curve_episodes}"
            )
        for name in self.arms:
            arm_of(name)

    def seed_range(self) -> range:
        return range(self.first_seed, self.first_seed + self.seeds)


def arm_of(name: str) -> Arm:
    """The arm of this name.

    Raises:
        ValueError: There is none.
    """
    for arm in ARMS:
        if arm.name == name:
            return arm
    raise ValueError(f"no arm {name!r}; the arms are {', '.join(arm.name for arm in ARMS)}")
