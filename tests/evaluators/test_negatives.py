from __future__ import annotations

import pytest

from tests.evaluators.fakes import BASE_URLS, outcome, task
from webarena_gym.evaluators import build_evaluator
from webarena_gym.evaluators.negatives import LENIENCIES, listed_reason, wrong_answers
from webarena_gym.tasks.official import load_official_tasks

ANSWERED = [t.task_id for t in load_official_tasks() if t.spec.strings]


def accepts(task_id: int, answer: str, scoring: str = "lite") -> bool:
    tested = task(task_id)
    url = tested.spec.urls[0].references[0] if tested.spec.urls else tested.start_urls[0]
    return build_evaluator(tested, scoring=scoring, base_urls=BASE_URLS).evaluate(outcome(answer, url)).success


@pytest.mark.parametrize("task_id", ANSWERED)
def test_wrong_answers_are_rejected(task_id: int):
    wrong = wrong_answers(task(task_id))
    assert wrong
    assert [answer for answer in wrong if accepts(task_id, answer)] == []


def test_the_references_themselves_are_accepted():
    def right(task_id: int) -> str:
        [*checks] = task(task_id).spec.strings
        texts = [(c.references,) if isinstance(c.references, str) else c.references for c in checks]
        return "\n".join(reference.split(" |OR| ")[0] for some in texts for reference in some)

    assert [task_id for task_id in ANSWERED if not accepts(task_id, right(task_id))] == []
    # No answer passes these two by the letter of the official rules.
    assert [task_id for task_id in ANSWERED if not accepts(task_id, right(task_id), "strict")] == [81, 94]


def test_wrong_answers_name_another_value_a_missing_part_and_swapped_values():
    assert wrong_answers(task(46)) == ["65.33"]
    assert wrong_answers(task(84)) == [
        "171: cancelled, 180: pending",
        "171: cancelled, 189: pending",
        "170: cancelled",
        "170: pending\n189: cancelled",
    ]
    assert wrong_answers(task(7)) == ["No, it is not"]
    assert wrong_answers(task(66)) == []


def test_a_bare_na_passes_exactly_where_it_is_listed():
    passing = {task_id for task_id in ANSWERED if accepts(task_id, "N/A")}
    assert passing == set(LENIENCIES["bare N/A"])


def test_listed_leniencies_belong_to_the_official_rules():
    assert listed_reason(96, "near miss", "lite")
    assert listed_reason(27, "bare N/A", "strict")
    assert not listed_reason(27, "bare N/A", "hardened")
    assert not listed_reason(27, "near miss", "lite")
    assert not listed_reason("find_price-000001", "nothing", "lite")
