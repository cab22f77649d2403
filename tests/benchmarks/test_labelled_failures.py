"""The failure rules against 60 labelled episodes, and a second opinion on them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from statsmodels.stats.inter_rater import cohens_kappa as statsmodels_kappa
from webarena_gym.benchmarks import failures, labelled_failures
from webarena_gym.benchmarks.failure_analysis import MODES, outcome_of
from webarena_gym.benchmarks.labelled_failures import SCRIPTS, Labelled, labelled_episodes, measure, written
from webarena_gym.benchmarks.second_opinion import opinion_table, question, second_opinion, text_model
from webarena_gym.benchmarks.written_episodes import Did, episode

from webarena_gym.cli import main

RECORDED = Path(__file__).parents[2] / "benchmarks" / "results" / "failures.json"


@pytest.fixture(scope="module")
def labelled(cache_dir) -> list[Labelled]:
    return labelled_episodes(cache_dir)


def test_there_are_sixty_of_every_kind(labelled):
    assert len(labelled) == 60
    assert min(sum(e.label == label for e in labelled) for label, _ in SCRIPTS) >= 5


def test_at_least_95_percent_are_classified_as_a_person_would(labelled):
    wrong = [(e.label, outcome_of(e.trajectory), e.why) for e in labelled if outcome_of(e.trajectory) != e.label]
    assert len(wrong) <= 3, wrong  # 57 of 60 are 95%
    assert measure(labelled)["agreement"][0] == (60 - len(wrong)) / 60


def test_the_recorded_agreement_is_what_the_rules_give_today(labelled):
    assert json.loads(RECORDED.read_text("utf-8")) == measure(labelled)


def test_kappa_equals_statsmodels(labelled):
    counts = measure(labelled)["counts"]
    theirs = statsmodels_kappa([list(row.values()) for row in counts.values()]).kappa
    assert measure(labelled)["kappa"] == pytest.approx(theirs, abs=0.0005)


class Reader:
    """Answers by a word of the prompt, as a model would that only looks for repetition."""

    name = "reader"

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def complete(self, prompts, *, max_tokens):
        self.prompts += prompts
        return [
            "B" if prompt.count('click button "Add to Cart"') >= 4 else "A" if "it stopped; this" in prompt else "?"
            for prompt in prompts
        ]


def test_a_second_opinion_is_asked_on_failures_alone_and_compared():
    episodes = [e.trajectory for e in written()]
    reader = Reader()
    opinions = second_opinion(episodes, reader)
    assert len(reader.prompts) == len(opinions.rules) == 15  # the success is not asked about
    # Four wrong stops, one of them after a loop of six, which this reader calls stuck; one loop of five adds without a stop.
    assert [said for rule, said in opinions.answered if rule == "wrong stop"].count("wrong stop") == 3
    assert len(opinions.answered) == 5 and opinions.agreement.estimate == 4 / 5
    # By chance: both say "wrong stop" 4/5 * 3/5 and "stuck midway" 1/5 * 2/5, 14/25 in all; (4/5 - 14/25) / (11/25) = 6/11.
    assert opinions.kappa == pytest.approx(6 / 11)
    table = opinion_table(opinions, "reader")
    assert table.rows[0][1:3] == ["3", "1"] and "no usable answer on 10" in table.caption


def test_the_question_shows_the_task_what_was_done_where_and_how_it_ended():
    (stuck,) = (e.trajectory for e in written() if e.why == "same failing select")
    text = question(stuck)
    assert "Task: Buy a mug" in text and "cut off after 5 actions" in text
    assert "select 'x' in combobox \"Search\" -> error: no such option" in text and "{" not in text


def test_long_episodes_are_shown_by_their_end():
    text = question(episode([Did("click(1)", f"/r{n}") for n in range(40)]))
    assert "(10 actions before)\n11. " in text and "\n40. " in text and "\n10. " not in text


def test_judges_are_named_by_kind_and_model(capsys):
    with pytest.raises(ValueError, match="chat:MODEL or llm:MODEL"):
        text_model("wizard")
    assert main(["failures", "no/such/folder"]) == 2 and "holds no evaluation" in capsys.readouterr().err
    assert set(MODES) < set(labelled_failures.LABELS) and failures.HELP
