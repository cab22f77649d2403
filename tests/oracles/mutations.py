"""Oracles read pages: on a site of other facts they come to other ends, those that the facts ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest

from webarena_gym.actions import Stop, parse_action
from webarena_gym.env import WebArenaEnv
from webarena_gym.observed import ObservedPage, parse_observation
from webarena_gym.oracle_policy import play
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.world import World
from webarena_gym.tasks.official import quoted_references
from webarena_gym.tasks.oracles import load_oracles

SEEDS = (0, 1, 2)
Facts = dict[str, Any]


class Ending(NamedTuple):
    """How a run ended: its answer, the page stood on, and the site's database."""

    answer: str
    observation: str
    database: Any

    @property
    def page(self) -> ObservedPage:
        return parse_observation(self.observation)

    @property
    def url(self) -> str:
        return self.page.url

    @property
    def heading(self) -> str:
        return next(line[2:] for line in self.page.lines if line.startswith("# "))

    def column(self, sql: str, *values: object) -> list[Any]:
        """The first column of a query's rows."""
        return [row[0] for row in self.database.execute(sql, values)]


class Played(NamedTuple):
    """``as_expected``: the end is what the facts ask for; ``official``: it still is what the real site's facts ask for."""

    as_expected: bool
    official: bool
    detail: str


Expectation = Callable[[Facts, Ending], bool]


class MutatedSite:
    """A site of given facts, on which each task is played once."""

    def __init__(self, site: str, facts: Facts, expected: Mapping[int, Expectation], cache_dir: Path) -> None:
        self._site, self._facts, self._expected = site, facts, expected
        options = BuildOptions(references=quoted_references(), facts=facts)
        self.env = WebArenaEnv(site, world=World([site], options=options, cache_dir=cache_dir))
        self._played: dict[int, Played] = {}

    def play(self, task_id: int) -> Played:
        if task_id not in self._played:
            run = play(self.env, load_oracles().solutions[task_id], task_id)
            last = parse_action(run.actions[-1])
            assert isinstance(last, Stop) and not run.error, run.error
            end = Ending(last.answer, run.steps[-1][1], self.env.world.store(self._site).connection)
            holds = task_id not in self._expected or self._expected[task_id](self._facts, end)
            self._played[task_id] = Played(holds, run.success, f"answer {end.answer!r} on {end.url}")
        return self._played[task_id]


class MutationChecks:
    """Subclass it as ``Test<Site>Mutations`` and set what follows; every task of ``site`` is in one of the three groups.

    ``site``: the one that is built anew. ``mutated_facts(seed)``: its facts changed (a ``staticmethod``).
    ``expected``: by task, whether an ``Ending`` is what given facts ask for. ``nothing_read``: tasks whose intent says it
    all. ``absent``: tasks that find nothing, which ``AbsenceChecks`` give something to find. ``any_will_do``: tasks of
    ``expected`` whose official check accepts them on every site.
    """

    site: ClassVar[str]
    mutated_facts: ClassVar[Callable[[int], Facts]]
    expected: ClassVar[Mapping[int, Expectation]]
    nothing_read: ClassVar[Collection[int]]
    absent: ClassVar[Collection[int]] = ()
    any_will_do: ClassVar[Collection[int]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name, tasks in (("reading_task", self.expected), ("unreading_task", self.nothing_read)):
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, sorted(tasks))

    @pytest.fixture(scope="class")
    @classmethod
    def mutated(cls, cache_dir: Path) -> Iterator[dict[int, MutatedSite]]:
        made = {seed: MutatedSite(cls.site, cls.mutated_facts(seed), cls.expected, cache_dir) for seed in SEEDS}
        yield made
        for one in made.values():
            one.env.close()

    @pytest.fixture(params=SEEDS)
    def one(self, request: pytest.FixtureRequest, mutated: dict[int, MutatedSite]) -> MutatedSite:
        return mutated[request.param]

    def test_oracle_follows_the_facts(self, one: MutatedSite, reading_task: int) -> None:
        played = one.play(reading_task)
        assert played.as_expected, played.detail

    def test_oracle_that_reads_nothing_still_solves_its_task(self, one: MutatedSite, unreading_task: int) -> None:
        assert one.play(unreading_task).official

    def test_mutations_change_most_answers(self, one: MutatedSite) -> None:
        """A remembered answer would not pass; of the few tasks that end alike, most have few ends to choose from."""
        alike = [task_id for task_id in self.expected if one.play(task_id).official]
        assert len(alike) <= len(self.expected) // 3, alike

    def test_every_task_that_reads_has_another_answer_on_some_site(self, mutated: dict[int, MutatedSite]) -> None:
        alike = {task_id for task_id in self.expected if all(one.play(task_id).official for one in mutated.values())}
        assert alike <= set(self.any_will_do)

    def test_every_task_is_in_one_of_the_groups(self) -> None:
        env = WebArenaEnv(self.site)
        assert sorted([*self.expected, *self.nothing_read, *self.absent]) == sorted(map(int, env.task_ids))
        env.close()

    def test_mutation_leaves_the_shipped_facts_alone(self) -> None:
        assert self.mutated_facts(0) == self.mutated_facts(0) != self.mutated_facts(1)
