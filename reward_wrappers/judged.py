"""``JudgedMilestone``: a milestone described in words, and how well a judge agrees with a predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reward_wrappers.errors import JudgeUnanswered
from reward_wrappers.judge import Judge, Question, describe_transition
from reward_wrappers.judge_client import JudgeClient
from reward_wrappers.milestone import Milestone
from reward_wrappers.predicate import Predicate
from reward_wrappers.transition import Transition


@dataclass(frozen=True)
class judged(Predicate):
    """Holds when the judge says so. Without a verdict it raises ``JudgeUnanswered``, which a wrapper takes for "not yet"."""

    description: str
    client: JudgeClient
    describe: Callable[[Transition], str] = describe_transition

    def __call__(self, transition: Transition) -> bool:
        verdict = self.client.verdict(self.question(transition))
        if verdict is None:
            # Not False: under ~ that would turn "the judge failed" into "reached".
            raise JudgeUnanswered(
                f"no verdict on {self.description!r}: {self.client.stats.last_error or 'it cannot tell'}"
            )
        return verdict

    def question(self, transition: Transition) -> Question:
        """What the judge is asked about ``transition``."""
        return Question(self.description, self.describe(transition))

    def to_dict(self) -> dict[str, Any]:
        raise ValueError(f"a judge is an object and has no declarative form (milestone {self.description!r})")


class JudgedMilestone(Milestone):
    """A milestone that a judge decides, by default an LLM's: ``JudgedMilestone("the cart holds two mugs", judge)``.

    A judge that fails leaves the milestone unreached; it is counted in the client's ``stats`` and in
    ``info["judge_unanswered"]``, warned of once, and never ends an episode. Each open milestone costs a question a step
    (fewer with ``ordered=True``), so give a cache, a budget and cheap predicates where those will do.

    Args:
        description: What has been done when it is reached, in words; the milestone's name unless ``name`` is given.
        judge: A ``Judge``, or a ``JudgeClient`` that adds a cache, limits and a budget. Milestones that share a client
            are asked about together, over all rows of a vector env.
        name: The milestone's name.
        weight: Its weight.
        describe: What the judge is shown of a transition, as text.

    >>> class KeywordJudge:
    ...     name = "keyword"
    ...     def decide(self, questions):
    ...         return ["2 mugs" in q.evidence for q in questions]
    >>> milestone = JudgedMilestone("the cart holds two mugs", KeywordJudge(), name="two mugs")
    >>> milestone.predicate(Transition.at_reset("Cart: 2 mugs", {}))
    True
    """

    def __init__(
        self,
        description: str,
        judge: Judge | JudgeClient,
        *,
        name: str | None = None,
        weight: float = 1.0,
        describe: Callable[[Transition], str] = describe_transition,
    ) -> None:
        client = judge if isinstance(judge, JudgeClient) else JudgeClient(judge)
        super().__init__(description if name is None else name, judged(description, client, describe), weight)


def judge_clients(milestones: Iterable[Milestone]) -> list[JudgeClient]:
    """The different clients behind the judged ones among ``milestones``."""
    clients = {id(m.predicate.client): m.predicate.client for m in milestones if isinstance(m.predicate, judged)}
    return list(clients.values())


def ask_together(pairs: Iterable[tuple[Sequence[Milestone], Transition]]) -> None:
    """Put the questions of all judged milestones, each about its transition, to their judges in as few calls as possible.

    Only milestones that are judged as a whole take part; a ``judged`` inside ``&`` or ``|`` is asked when its turn comes.
    """
    questions: dict[int, tuple[JudgeClient, list[Question]]] = {}
    for milestones, transition in pairs:
        for milestone in milestones:
            if isinstance(milestone.predicate, judged):
                client = milestone.predicate.client
                questions.setdefault(id(client), (client, []))[1].append(milestone.predicate.question(transition))
    for client, asked in questions.values():
        client.prefetch(asked)


@dataclass(frozen=True)
class JudgeAgreement:
    """A judge's verdicts against a predicate's, as counts of transitions."""

    both_yes: int
    judge_only: int
    """The judge said yes, the predicate no: milestones paid for that were not reached."""
    predicate_only: int
    """The predicate said yes, the judge no: milestones missed."""
    both_no: int
    unanswered: int

    @property
    def agreement(self) -> float | None:
        """Share of the answered on which both say the same; None if none was answered."""
        answered = self.both_yes + self.judge_only + self.predicate_only + self.both_no
        return (self.both_yes + self.both_no) / answered if answered else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond chance, 1 at best; None where chance alone would agree on everything."""
        n = self.both_yes + self.judge_only + self.predicate_only + self.both_no
        judge_yes, predicate_yes = self.both_yes + self.judge_only, self.both_yes + self.predicate_only
        by_chance = judge_yes * predicate_yes + (n - judge_yes) * (n - predicate_yes)  # times n squared
        if n == 0 or by_chance == n * n:
            return None
        return ((self.both_yes + self.both_no) * n - by_chance) / (n * n - by_chance)

    def __str__(self) -> str:
        def shown(value: float | None) -> str:
            return "undefined" if value is None else f"{value:.3f}"

        return (
            f"agreement {shown(self.agreement)}, kappa {shown(self.kappa)}: both yes {self.both_yes}, judge only "
            f"{self.judge_only}, predicate only {self.predicate_only}, both no {self.both_no}, unanswered {self.unanswered}"
        )


def judge_agreement(
    milestone: JudgedMilestone, predicate: Callable[[Transition], bool], transitions: Sequence[Transition]
) -> JudgeAgreement:
    """How a judged milestone compares with a predicate for the same thing, transition by transition.

    A predicate that remembers sees the transitions in the order given.
    """
    by_judge = milestone.predicate
    assert isinstance(by_judge, judged)
    verdicts = by_judge.client.ask([by_judge.question(transition) for transition in transitions])
    pairs = [(verdict, bool(predicate(t))) for verdict, t in zip(verdicts, transitions, strict=True)]
    return JudgeAgreement(
        both_yes=pairs.count((True, True)),
        judge_only=pairs.count((True, False)),
        predicate_only=pairs.count((False, True)),
        both_no=pairs.count((False, False)),
        unanswered=sum(verdict is None for verdict, _ in pairs),
    )
