"""Comparing with BrowserGym, all but BrowserGym: what is recorded, how runs are joined, moved and asked about."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from webarena_gym.benchmarks import peer
from webarena_gym.benchmarks.peer import (
    PeerConfig,
    PeerError,
    PeerSession,
    PeerSilentError,
    chosen_tasks,
    peer_session,
    question_of,
)
from webarena_gym.benchmarks.peer_record import Recording, in_one_episode, joined, record, served_elsewhere

from webarena_gym.cli import main
from webarena_gym.commands.oracle import runs_of
from webarena_gym.env import WebArenaEnv
from webarena_gym.evaluators.fuzzy import FuzzyQuestion
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.tasks.official import load_official_tasks, official_task
from webarena_gym.tasks.oracles import load_oracles

FAKE = Path(__file__).with_name("fake_peer.py")
URLS = {f"WA_{name.upper()}": url.replace(".test", ".local:1") for name, url in BASE_URLS.items()}


@pytest.fixture(scope="module")
def env(cache_dir: Path) -> Iterator[WebArenaEnv]:
    made = WebArenaEnv(scoring="strict", cache_dir=cache_dir)
    yield made
    made.close()


@pytest.fixture(scope="module")
def replay() -> Any:
    """The module that BrowserGym's Python runs; what it imports of BrowserGym it imports when it is used."""
    folder = str(Path(peer.__file__).parent)
    sys.path.insert(0, folder)
    try:
        spec = importlib.util.spec_from_file_location("peer_replay", Path(folder) / "peer_replay.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


# --- recording ---


def test_a_recording_names_elements_and_where_each_step_led(env: WebArenaEnv) -> None:
    made = record(env, load_oracles().solutions[74], 74, "solution")
    assert made.accepted and not made.error
    assert [step["do"] for step in made.steps[:-1]] == ["click", "click"]  # scrolling is left out
    assert made.steps[0]["target"] == {"role": "link", "name": "Contact Us", "nth": 0}
    assert made.steps[0]["leads_to"] == "http://shopping.test/contact/index/"
    assert made.steps[-1] == {"do": "answer", "text": "N/A"}


def test_refused_actions_are_left_out_and_others_are_kept(env: WebArenaEnv) -> None:
    def wander(screen: Any) -> Iterator[str]:
        yield 'goto("http://example.com/")'
        yield "click(9999)"
        yield 'goto("/contact/")'
        yield "back()"
        yield "new_tab()"
        yield "focus_tab(0)"
        yield 'stop("")'

    made = record(env, wander, 74, "near miss")
    assert [step["do"] for step in made.steps] == ["goto", "back", "new_tab", "focus_tab", "answer"]
    assert made.steps[0]["url"] == "http://shopping.test/contact/"


def test_boxes_are_clicked_only_where_that_changes_them(env: WebArenaEnv) -> None:
    def tick(screen: Any) -> Iterator[str]:
        yield 'goto("/newsletter/manage/")'
        box = screen.one("checkbox", "General Subscription")
        yield f"uncheck({box.id})"
        yield f"check({box.id})"
        yield f"check({box.id})"
        yield f"uncheck({box.id})"
        yield 'stop("")'

    made = record(env, tick, 74, "near miss")
    assert [step["do"] for step in made.steps] == ["goto", "click", "click", "answer"]


def test_elements_of_the_same_name_are_counted(env: WebArenaEnv) -> None:
    def third(screen: Any) -> Iterator[str]:
        yield 'goto("/beauty-personal-care.html")'
        links = [e for e in screen.all("button") if e.name == "Add to Cart"]
        yield f"click({links[2].id})"
        yield 'stop("")'

    made = record(env, third, 74, "near miss")
    assert made.steps[1]["target"] == {"role": "button", "name": "Add to Cart", "nth": 2}


def test_an_oracle_that_finds_no_way_leaves_an_error(env: WebArenaEnv) -> None:
    def lost(screen: Any) -> Iterator[str]:
        yield screen.click("link", "No such link")

    assert "No such link" in record(env, lost, 74, "solution").error


# --- joining ---


def recording(kind: str, *steps: str, answer: str) -> Recording:
    return Recording(1, kind, (*({"do": step} for step in steps), {"do": "answer", "text": answer}), True, "")


def test_runs_that_continue_each_other_become_one_episode() -> None:
    """The answers stand where each run gave its own; a run that went another way is an episode of its own."""
    runs = [
        recording("solution", "a", "b", answer="right"), recording("nothing", answer=""), recording("near miss", "x", answer="near"),
        recording("wrong answer", "a", "b", answer="wrong"),
    ]  # fmt: skip
    groups = in_one_episode(runs)
    assert [[one.kind for one in group] for group in groups] == [["nothing", "near miss"], ["solution", "wrong answer"]]
    told = [[step.get("text", step["do"]) for step in joined(group)] for group in groups]
    assert told == [["", "x", "near"], ["a", "b", "right", "wrong"]]


def test_the_joined_steps_hold_every_run_in_full(env: WebArenaEnv) -> None:
    runs = [record(env, oracle, 74, kind) for kind, oracle in runs_of(74, load_oracles())]
    groups = in_one_episode(runs)
    assert sum(map(len, groups)) == len(runs)
    for group in groups:
        told: list[Any] = []
        answers = 0
        for step in joined(group):
            if step["do"] == "answer":
                assert (*told, step) == group[answers].steps
                answers += 1
            else:
                told.append(step)
        assert answers == len(group)


def test_addresses_are_moved_wherever_they_stand() -> None:
    steps = [
        {"do": "goto", "url": "http://reddit.test/f/books"},
        {"do": "fill", "target": {"role": "textbox", "name": "URL", "nth": 0}, "text": "at http://gitlab.test/a and http://reddit.test"},
    ]  # fmt: skip
    moved = served_elsewhere(
        steps, {"http://reddit.test": "http://localhost:1", "http://gitlab.test": "http://localhost:2"}
    )
    assert moved[0] == {"do": "goto", "url": "http://localhost:1/f/books"}
    assert moved[1]["text"] == "at http://localhost:2/a and http://localhost:1"


# --- what the peer is told and asks ---


def test_questions_for_the_language_model_become_our_rules_questions() -> None:
    asked = {"kind": "same meaning", "text": "10 h 33 min", "reference": "10h 33min", "intent": "How long?"}
    assert question_of(asked, official_task(64)) == FuzzyQuestion(
        "answer", "10h 33min", "10 h 33 min", "How long?", ("10h 33min",)
    )
    reason = {"kind": "same reason", "text": "there is none", "reference": "no such person", "intent": "Who?"}
    assert question_of(reason, official_task(161)).kind == "reason"
    with pytest.raises(ValueError, match="task 64 has no fuzzy reference '5 minutes'"):
        question_of({**asked, "reference": "5 minutes"}, official_task(64))
    # The quotes that task 89 wants are others here and in BrowserGym.
    assert question_of({**asked, "reference": "5 minutes"}, official_task(89)).siblings == ("5 minutes",)


def test_every_fuzzy_reference_of_the_official_tasks_is_known_to_the_stand_in() -> None:
    """As BrowserGym asks: each reference of an answer by itself, those of a page joined by commas."""
    kinds = []
    for task in load_official_tasks():
        for check in task.spec.strings:
            if check.rule == "fuzzy_match" and not isinstance(check.references, str):
                for reference in check.references:
                    kinds.append(
                        question_of(
                            {"kind": "same meaning", "text": "x", "reference": reference, "intent": ""}, task
                        ).kind
                    )
        for part in task.spec.html:
            if part.rule == "fuzzy_match":
                kinds.append(
                    question_of(
                        {"kind": "same meaning", "text": "x", "reference": ", ".join(part.references), "intent": ""},
                        task,
                    ).kind
                )
    assert kinds.count("answer") > 30 and kinds.count("page") >= 1


def test_a_sample_has_a_task_for_each_site_and_kind_of_rules() -> None:
    scripted = list(load_oracles().solutions)
    sample, everything = (chosen_tasks(PeerConfig(sample=chosen), scripted) for chosen in (True, False))
    assert len(everything) == 165 and set(sample) < set(everything)

    def kinds(ids: list[int]) -> set[Any]:
        specs = [(official_task(i).sites, official_task(i).spec) for i in ids]
        return {(sites, bool(spec.strings), bool(spec.urls), bool(spec.html)) for sites, spec in specs}

    assert kinds(sample) == kinds(everything)
    with pytest.raises(ValueError, match="no script for 999"):
        chosen_tasks(PeerConfig(tasks=(4, 999)), scripted)


# --- elements in BrowserGym's tree ---


def node(id: str, role: str, name: str, *children: str, bid: str | None = "b", ignored: bool = False) -> dict[str, Any]:
    made = {
        "nodeId": id,
        "role": {"value": role},
        "name": {"value": name},
        "childIds": list(children),
        "ignored": ignored,
    }
    return made if bid is None else {**made, "browsergym_id": f"{bid}{id}"}


TREE = [
    node("1", "RootWebArea", "Page", "2", "5", bid=None),
    node("5", "link", "Cart"),  # listed before what comes first in the document
    node("2", "navigation", "", "3", "4", bid=None),
    node("3", "link", " Cart\n"),
    node("4", "DisclosureTriangle", "More"),
    node("6", "link", "Cart", ignored=True),
]


def test_elements_are_found_by_role_name_and_number_in_document_order(replay: Any) -> None:
    observation = {"axtree_object": {"nodes": TREE}, "url": "http://localhost:1/"}

    def find(role: str, name: str, nth: int) -> str:
        return replay.find_bid({"role": role, "name": name, "nth": nth}, observation)

    assert [find("link", "Cart", 0), find("link", "Cart", 1), find("button", "More", 0)] == ["b3", "b5", "b4"]
    with pytest.raises(replay.ReplayError, match="no link 'Cart' number 2"):
        find("link", "Cart", 2)
    with pytest.raises(replay.ReplayError, match=r"no link 'Home' .*'Cart'"):
        find("link", "Home", 0)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({"do": "click", "target": {"role": "link", "name": "Cart", "nth": 1}}, "click('b5')"),
        (
            {"do": "fill", "target": {"role": "link", "name": "Cart", "nth": 0}, "text": 'a "b"\n'},
            "fill('b3', 'a \"b\"\\n')",
        ),
        (
            {"do": "select", "target": {"role": "link", "name": "Cart", "nth": 0}, "options": ["x"]},
            "select_option('b3', ['x'])",
        ),
        ({"do": "press", "target": None, "key": "Enter"}, "keyboard_press('Enter')"),
        ({"do": "press", "target": {"role": "link", "name": "Cart", "nth": 0}, "key": "Enter"}, "press('b3', 'Enter')"),
        ({"do": "goto", "url": "http://localhost:1/"}, "goto('http://localhost:1/')"),
        ({"do": "back"}, "go_back()"),
        ({"do": "focus_tab", "index": 1}, "tab_focus(1)"),
    ],
)
def test_steps_become_browsergyms_actions(replay: Any, step: dict[str, Any], text: str) -> None:
    assert replay.action_text(step, {"axtree_object": {"nodes": TREE}, "url": ""}) == text


# --- the conversation ---


@pytest.fixture
def session() -> Iterator[PeerSession]:
    process = subprocess.Popen([sys.executable, str(FAKE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield PeerSession(PeerConfig(), URLS, process)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(10)


def test_verdicts_come_back_in_order_with_the_judges_answers_in_between(session: PeerSession) -> None:
    """The stand-in rewards what the judge says yes to: 10:33 is the reference's time, 9:00 is not."""
    going = {"do": "goto", "url": "http://map.test/", "leads_to": "http://map.test/"}
    runs = [
        Recording(64, kind, (going, {"do": "answer", "text": answer}), accepted, "")
        for kind, answer, accepted in (("solution", "10 hours 33 minutes", True), ("wrong answer", "9 hours", True))
    ]
    right, wrong = session.replayed(runs)
    assert (right.ours, right.theirs, right.agrees, right.url) == (True, True, True, "http://map.local:1/")
    assert (wrong.ours, wrong.theirs, wrong.agrees) == (True, False, False)


def test_a_run_that_failed_on_our_side_is_no_agreement_and_not_replayed(
    session: PeerSession, monkeypatch: pytest.MonkeyPatch, cache_dir: Path
) -> None:
    session._config = PeerConfig(tasks=(64,), cache_dir=cache_dir)

    def lost(env: Any, oracle: Any, task_id: int, kind: str) -> Recording:
        return Recording(task_id, kind, (), False, "the site failed")

    monkeypatch.setattr(peer, "record", lost)
    verdicts = list(session.verdicts())
    assert len(verdicts) > 3
    assert all(not verdict.agrees and verdict.error == "the site failed" for verdict in verdicts)


def test_only_the_listed_run_may_differ(session: PeerSession) -> None:
    (verdict,) = session.replayed([Recording(64, "solution", ({"do": "answer", "text": "9 h"},), True, "")])
    assert not verdict.agrees
    assert replace(verdict, task_id=89).agrees
    assert not replace(verdict, task_id=89, kind="wrong answer").agrees
    assert not replace(verdict, task_id=89, error="lost").agrees


def test_a_peer_that_ends_is_an_error(session: PeerSession) -> None:
    with pytest.raises(PeerError, match="BrowserGym ended"):
        session.replayed([Recording(64, "solution", ({"do": "crash"}, {"do": "answer", "text": ""}), True, "")])


def test_a_peer_that_says_no_more_is_ended(session: PeerSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "_SILENCE_S", 0.2)
    with pytest.raises(PeerSilentError, match=r"no answer for 0\.2 s"):
        session.replayed([Recording(64, "solution", ({"do": "hang"}, {"do": "answer", "text": ""}), True, "")])


class Sessions:
    """Stands in for ``peer_session``: each session yields the next list of verdicts, and says no more after all but the last."""

    def __init__(self, *told: list[peer.Verdict]) -> None:
        self.told, self.asked = list(told), []

    @contextmanager
    def __call__(self, config: PeerConfig) -> Iterator[Sessions]:
        self.asked.append(config.done)
        yield self

    def check_instance(self) -> dict[str, Any]:
        return {"reached": ["shopping"], "cookies": {}}

    def verdicts(self) -> Iterator[peer.Verdict]:
        yield from self.told.pop(0)
        if self.told:
            raise PeerSilentError("silent")


def test_a_silent_peer_is_started_again_at_the_task_that_it_was_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = peer.Verdict(46, "shopping", "string_match", "solution", True, True, "http://shopping.local:1/", "", 1.5)
    second = replace(first, task_id=74)
    last = replace(second, kind="nothing", ours=False, theirs=False)
    sessions = Sessions([first, second], [second, last])
    monkeypatch.setattr(peer, "peer_session", sessions)
    file = tmp_path / "runs.json"
    assert main(["bench", "peer", "--json", str(file)]) == 0
    assert sessions.asked == [frozenset(), frozenset({46})] and "started again" in capsys.readouterr().out
    assert peer.read_verdicts(file) == [first, second, last]
    monkeypatch.setattr(peer, "peer_session", Sessions([first], []))  # silent at its first task
    assert main(["bench", "peer", "--json", str(file)]) == 2


def test_a_file_of_runs_is_gone_on_with_at_the_tasks_that_it_lacks(tmp_path: Path) -> None:
    verdict = peer.Verdict(46, "shopping", "string_match", "solution", True, True, "http://shopping.local:1/", "", 1.5)
    file = tmp_path / "new" / "runs.json"
    late = [replace(verdict, task_id=74), replace(verdict, task_id=74, theirs=False, error="TimeoutError")]
    peer.write_verdicts(file, {"reached": ["shopping"]}, [verdict, *late])
    assert peer.read_verdicts(file) == [verdict]
    assert [one.name for one in file.parent.iterdir()] == ["runs.json"]
    assert chosen_tasks(PeerConfig(tasks=(74, 46), done=frozenset({46})), [46, 74, 75]) == [74]
    with pytest.raises(ValueError, match="name the file"):
        peer.run(argparse.Namespace(resume=True, json=None))


def test_without_the_peers_environment_the_message_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(PeerError, match="make peer"), peer_session(PeerConfig(peer_python=tmp_path / "python")):
        pass


def test_the_table_counts_agreement(capsys: pytest.CaptureFixture[str], session: PeerSession) -> None:
    runs = session.replayed([Recording(64, "solution", ({"do": "answer", "text": "10h33"},), True, "")])
    peer.print_table([*runs, replace(runs[0], theirs=False)])
    assert "agreement: 1/2" in capsys.readouterr().out


# --- steps on a slow machine ---


class SlowPage:
    """A page whose address changes a while after the click."""

    def __init__(self, arrives_after: int) -> None:
        self.url, self._left = "http://localhost:1/", arrives_after

    def wait_for_timeout(self, milliseconds: int) -> None:
        self._left -= milliseconds
        if self._left <= 0:
            self.url = "http://localhost:1/cart"

    def wait_for_load_state(self) -> None:
        pass


class SlowEnv:
    def __init__(self, page: SlowPage) -> None:
        self.page = page

    def post_step(self, info: dict[str, Any], validate: bool) -> list[dict[str, Any]]:
        return [{"url": self.page.url, "last_action_error": ""}]


LATE = "TimeoutError: Timeout 500ms exceeded."
CLICK = {"do": "click", "target": {"role": "link", "name": "Cart", "nth": 0}, "leads_to": "http://localhost:1/cart"}


@pytest.mark.parametrize(
    ("problems", "arrives_after", "expected"),
    [
        ([""], 0, 1),  # there at once
        ([LATE], 3_000, 1),  # half a second was not enough, and the page came later
        ([LATE, LATE, ""], 20_000, 3),  # the click never began twice
        ([LATE, LATE, LATE], 10**6, "not to http://localhost:1/cart"),
        ([""], 10**6, "not to http://localhost:1/cart"),  # another page than in the recording
        (["ValueError: no such element"], 0, "no such element"),
    ],
)
def test_a_step_that_is_late_is_waited_for_and_tried_again(
    replay: Any, monkeypatch: pytest.MonkeyPatch, problems: list[str], arrives_after: int, expected: int | str
) -> None:
    page, done = SlowPage(arrives_after), []

    def unscored(env: SlowEnv, action: str) -> dict[str, Any]:
        done.append(action)
        page.wait_for_timeout(0)
        return {"url": page.url, "last_action_error": problems[len(done) - 1], "axtree_object": {"nodes": TREE}}

    monkeypatch.setattr(replay.Replay, "_unscored", staticmethod(unscored))
    player = object.__new__(replay.Replay)
    observation = {"axtree_object": {"nodes": TREE}, "url": page.url}
    if isinstance(expected, str):
        with pytest.raises(replay.ReplayError, match=expected):
            player._act(SlowEnv(page), CLICK, observation)
    else:
        assert player._act(SlowEnv(page), CLICK, observation)["url"] == "http://localhost:1/cart"
        assert len(done) == expected


def test_going_back_past_a_page_that_a_form_led_to_again_takes_two_steps(
    replay: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, left = SlowPage(10**9), ["http://localhost:1/project", "http://localhost:1/list"]

    def unscored(env: SlowEnv, action: str) -> dict[str, Any]:
        assert action == "go_back()"
        page.url = left.pop(0)
        return {"url": page.url, "last_action_error": "", "axtree_object": {"nodes": TREE}}

    monkeypatch.setattr(replay.Replay, "_unscored", staticmethod(unscored))
    step = {"do": "back", "leads_to": "http://localhost:1/list"}
    assert object.__new__(replay.Replay)._act(SlowEnv(page), step, {})["url"] == "http://localhost:1/list"
    assert left == []
