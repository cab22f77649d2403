"""``scoring="strict"`` gives the score of WebArena-Lite's own code, on answers, addresses and pages of all 165 tasks."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from tests.evaluators.upstream import upstream_evaluators, upstream_score
from tests.tasks.peer import peer_file
from webarena_gym.evaluators import Question, build_evaluator
from webarena_gym.tasks.official import replace_placeholders
from webarena_gym.tasks.schema import Task
from webarena_gym.types import Outcome

PAGES = sorted(Path(__file__).parent.joinpath("pages").glob("*.html"))
_WRAPPERS = ["{}", " {} ", "'{}'", '"{}"', "The answer is {}.", "{}!", "({})", "{}, {}", "x{}x", "-{}", "'\"{}\"'"]


class ScriptedJudge:
    """Says yes where the texts to compare have an even number of characters together: arbitrary, and known to both sides."""

    name = "scripted"

    def decide(self, questions: Sequence[Question]) -> list[bool]:
        return [_even(question.evidence) for question in questions]


def _even(text: str) -> bool:
    return len(text) % 2 == 0


def scripted_llm(prompt: str) -> str:
    """The same verdict, read from the prompts of their two judges."""
    for marker, yes, no in (
        ("student answer: ", "correct", "incorrect"),
        ("reported unachievable reason: ", "same", "different"),
    ):
        if marker in prompt:
            text = prompt.split(marker, 1)[1]
            ending = "\nConclude the judgement" if yes == "correct" else "\nThe task described above"
            return yes if _even(text.rsplit(ending, 1)[0]) else no
    raise AssertionError(prompt)


def random_outcome(tested: Task, rng: random.Random) -> Outcome:
    """An episode's end near the task: its references in odd wrappings, its addresses cut and extended, our fixture pages."""
    references = [r for check in (*tested.spec.strings, *tested.spec.html) for r in _listed(check.references)]
    choices = [*references, "N/A", "whatever", "Yes", "0", "", "no", " ".join(references), "\n".join(references)]
    answer = rng.choice(_WRAPPERS).format(*[rng.choice(choices)] * 2)
    urls = [*tested.start_urls, *(url for check in tested.spec.urls for url in check.references)]
    url = rng.choice(urls) + rng.choice(["", "/", "/1/title", "?p=2", "&p=2", "#top", "x", "//"])
    url = rng.choice([url, url[: rng.randint(10, len(url))], url.upper(), url.replace("asc", "desc")])
    page = rng.choice(PAGES).read_text("utf-8").replace("Welcome", rng.choice(choices) or "Welcome")
    fetched = {check.url: rng.choice([page, f"<p>{' '.join(references)}", ""]) for check in tested.spec.html}
    fetched["http://admin.test/antonia-racer-tank.html"] = fetched.get(
        "http://admin.test/admin/../antonia-racer-tank.html", ""
    )
    fetched |= {"http://reddit.test/f/books/1/": page, "http://reddit.test/f/gaming/2/": page}
    return outcome(rng.choice([answer, answer, answer, None]), url, page, pages=fetched)


def _listed(references: str | tuple[str, ...]) -> tuple[str, ...]:
    return (references,) if isinstance(references, str) else references


@pytest.fixture(scope="module")
def configs() -> list[dict]:
    return json.loads(peer_file("test_webarena_lite.raw.json").read_text("utf-8"))


def test_strict_scores_equal_upstreams(configs: list[dict], tmp_path: Path, full_size: bool):
    rng = random.Random(165)
    # Task 89 has other references here; 104, 117 and 118 ask the shop's REST interface over the network.
    tested = [task(i) for i in range(165) if i not in (89, 104, 117, 118)]
    differences, passed = [], 0
    with upstream_evaluators(scripted_llm) as upstream:
        for one in tested:
            evaluator = build_evaluator(one, scoring="strict", judge=ScriptedJudge(), base_urls=BASE_URLS)
            for _ in range(400 if full_size else 25):
                ended = random_outcome(one, rng)
                theirs = upstream_score(upstream, configs[int(one.task_id)], ended, tmp_path)
                ours = evaluator.evaluate(ended).success
                passed += ours
                if ours != (theirs > 0):
                    differences.append((one.task_id, ended.answer, ended.page.url, theirs))
    assert differences == []
    assert passed > 400  # of 4,025: the comparison has both outcomes


def test_strict_judges_an_unstopped_episode_as_if_it_had_answered_whatever():
    evaluator = build_evaluator(task(66), scoring="strict", base_urls=BASE_URLS)
    on_the_page = outcome(None, replace_placeholders(task(66).spec.urls[0].references[0], BASE_URLS))
    assert evaluator.evaluate(on_the_page).success
    assert not build_evaluator(task(66), base_urls=BASE_URLS).evaluate(on_the_page).success
