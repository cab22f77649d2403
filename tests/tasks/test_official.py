from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tasks.peer import peer_file
from webarena_gym.errors import TaskDataError, UnknownTask
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS
from webarena_gym.tasks import task_file
from webarena_gym.tasks.official import (
    asked_by_verified,
    load_official_tasks,
    official_task,
    quoted_references,
    split_start_urls,
    task_from_config,
)
from webarena_gym.tasks.schema import HtmlCheck, StringCheck, UrlCheck
from webarena_gym.tasks.task_file import lite_configs, overrides, read_task_file

EMBEDDED = {PLACEHOLDERS[site]: url for site, url in BASE_URLS.items()}


@pytest.fixture(scope="module")
def peer_configs() -> list[dict]:
    return json.loads(peer_file("test_webarena_lite.raw.json").read_text("utf-8"))


def test_all_165_tasks_agree_with_webarena_lites_own_file_except_89(peer_configs: list[dict]):
    theirs = tuple(task_from_config(config) for config in peer_configs)
    different = [ours.task_id for ours, other in zip(load_official_tasks(), theirs, strict=True) if ours != other]
    assert different == [89]


@pytest.mark.parametrize(
    "key", ["sites", "intent", "intent_template", "instantiation_dict", "start_url", "old_task_id"]
)
def test_configs_agree_with_webarena_lites_own_file(peer_configs: list[dict], key: str):
    assert [config[key] for config in lite_configs()] == [config[key] for config in peer_configs]


@pytest.mark.parametrize("key", ["eval_types", "reference_url", "program_html", "url_note"])
def test_rules_agree_with_webarena_lites_own_file(peer_configs: list[dict], key: str):
    ours = [config["eval"].get(key) for config in lite_configs()]
    assert ours == [config["eval"].get(key) for config in peer_configs]


def test_the_override_table_changes_46_tasks(peer_configs: list[dict]):
    raw = {config["task_id"]: config for config in read_task_file(task_file.task_file_path())}
    compared = ("intent", "eval")
    changed = [
        config["task_id"]
        for config in peer_configs
        if any(config[k] != raw[config["old_task_id"]][k] for k in compared)
    ]
    assert len(changed) == 46
    assert sorted(map(int, overrides()["changes"])) == changed


def test_task_89s_references_are_the_shops_own_ten_reviews():
    facts = json.loads((Path(__file__).parents[2] / "webarena_gym/sites/shopping/seed/facts.json").read_text("utf-8"))
    [reviews] = [product["reviews"] for product in _dicts(facts) if "Echo Dot 3rd" in str(product.get("name"))]
    [check] = official_task(89).spec.strings
    assert len(reviews) == 10
    assert list(check.references) == [f"{review['nickname']}: {review['detail']}" for review in reviews]


def _dicts(value: object) -> list[dict]:
    """All JSON objects in ``value`` that have reviews."""
    if isinstance(value, list):
        return [found for item in value for found in _dicts(item)]
    if not isinstance(value, dict):
        return []
    return ([value] if "reviews" in value else []) + [found for item in value.values() for found in _dicts(item)]


def test_the_override_table_holds_facts_and_no_sentences():
    texts = [text for task_id, change in overrides()["changes"].items() if task_id != "89" for text in _texts(change)]
    sentences = [text for text in texts if len(text.split()) > 8]
    assert sentences == []


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _texts(item)]


def test_a_task_has_the_shape_of_its_rules():
    assert official_task(64).spec.strings == (
        StringCheck("must_include", ("Acadia National Park",)),
        StringCheck("fuzzy_match", ("10h 33min",)),
    )
    assert official_task(81).spec.strings == (StringCheck("must_include", "yjlou"),)  # a text, as upstream has it
    assert official_task(113).spec.html == (
        HtmlCheck(
            "__SHOPPING_ADMIN__/cms/page/edit/page_id/2/",
            "document.querySelector('input[name=\"title\"]').value",
            "exact_match",
            "This is the home page!! Leave here!!",
        ),
    )
    assert len(official_task(146).spec.urls[0].references) == 4


def test_addresses_and_texts_of_unused_rules_are_left_out():
    assert official_task(59).spec.urls == ()  # has a note where an address belongs
    assert official_task(96).spec.urls == ()
    assert official_task(148).spec.html == ()


def test_the_three_changed_intents_are_rendered_from_the_task_files_templates():
    assert official_task(58).intent.endswith("the most expensive product from competative swimwear category")
    assert official_task(125).intent == "Modify the address of order #299 to 456 Oak Avenue, New York, NY, 10001"
    assert official_task(143).intent.endswith("assign Roshan Jossy as the reviewer")


def test_webarena_verifieds_question_is_asked_where_it_is_another_one():
    asked = asked_by_verified(official_task(70), EMBEDDED)
    assert asked.intent == "Get the email of the customer who has the most cancellations in the history"
    assert [milestone.name for milestone in asked.milestones] == ["stopped"]
    assert asked.spec == official_task(70).spec
    same = official_task(46)
    assert asked_by_verified(same, EMBEDDED) is same


def test_no_question_of_webarena_verified_is_asked_that_webarena_lite_asks_word_for_word():
    tasks = [official_task(task_id) for task_id in overrides()["asked_by_verified"]]
    assert len(tasks) == 25
    assert not [task.task_id for task in tasks if asked_by_verified(task, EMBEDDED).intent == task.intent]
    assert not [task.task_id for task in tasks if "__" in asked_by_verified(task, EMBEDDED).intent]


def test_base_urls_replace_every_placeholder_expected_texts_included():
    tasks = load_official_tasks(EMBEDDED)
    assert not [task.task_id for task in tasks if re.search(r"__(SHOPPING|REDDIT|GITLAB|MAP|WIKI|HOME)", repr(task))]
    assert tasks[40].start_urls == ("http://admin.test/admin",)
    assert tasks[66].spec.urls == (UrlCheck(("http://shopping.test/catalogsearch/result/?q=switch+accessories",)),)
    assert tasks[147].spec.html[0].references[1] == "http://gitlab.test/auth0/angular-storage"


def test_tasks_are_loaded_once_for_the_same_addresses():
    assert load_official_tasks(EMBEDDED) is load_official_tasks(dict(reversed(EMBEDDED.items())))


def test_only_task_103_opens_several_tabs():
    assert [task.task_id for task in load_official_tasks() if len(task.start_urls) > 1] == [103]
    assert len(official_task(103).start_urls) == 3
    assert split_start_urls("__MAP__") == ("__MAP__",)


def test_ten_tasks_span_two_sites():
    assert [t.task_id for t in load_official_tasks() if len(t.sites) == 2] == [
        23,
        64,
        102,
        127,
        144,
        146,
        147,
        155,
        158,
        161,
    ]


def test_quotes_for_the_sites_come_with_their_task():
    quotes = quoted_references()
    assert {task_id: len(texts) for task_id, texts in quotes.items()} == {42: 6, 89: 10, 108: 3}
    assert quotes[42][1] == "It seems to constantly run out of ink"


@pytest.mark.parametrize("task_id", [-1, 165, 811, "3", None, True, 3.0])
def test_an_unknown_id_is_refused_with_the_range_of_ids(task_id: object):
    with pytest.raises(UnknownTask, match="ids are 0 to 164"):
        official_task(task_id)  # type: ignore[arg-type]


def test_a_missing_task_file_is_reported_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        TaskDataError, match=r"not installed; install it with: pip install 'webarena-verified==1\.2\.3'"
    ):
        task_file.task_file_path()


def test_an_unreadable_task_file_is_reported_with_what_to_install(tmp_path: Path):
    with pytest.raises(TaskDataError, match=r"cannot read the task file .* pip install 'webarena-verified"):
        read_task_file(tmp_path / "test.raw.json")


@pytest.mark.parametrize("content", [b"[]", b"not json", b"", b"\xff\xfe"])
def test_another_task_file_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "test.raw.json"
    path.write_bytes(content)
    with pytest.raises(TaskDataError, match=r"is not the task file of version 1\.2\.3"):
        read_task_file(path)


def test_loading_does_not_import_webarena_verified():
    code = (
        "import sys; from webarena_gym.tasks.official import load_official_tasks; load_official_tasks(); "
        "print([name for name in ('webarena_verified', 'pydantic', 'selectolax', 'flask') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
