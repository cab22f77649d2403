"""What an oracle's source may hold: helpers, the standard library, and no answer that its intent does not give away."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from webarena_gym.evaluators.verified import library
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS
from webarena_gym.tasks import oracles
from webarena_gym.tasks.official import asked_by_verified, load_official_tasks
from webarena_gym.tasks.oracles import load_oracles, us_states
from webarena_gym.tasks.schema import Task
from webarena_gym.tasks.task_file import overrides

ROOT = Path(oracles.__file__).parent
EMBEDDED = {PLACEHOLDERS[site]: url for site, url in BASE_URLS.items()}
VERIFIED = sorted((ROOT / "verified").glob("[a-z]*.py"))  # scripts for webarena-verified's own questions
SITES = [path if (path := ROOT / name).is_dir() else path.with_suffix(".py") for name in oracles._MODULES]
HELPERS = sorted(path for path in ROOT.glob("*.py") if path.name != "__init__.py" and path not in SITES)
SHORTEST = 4  # characters of a constant that counts
# The words of a list's tool bar, which stand in the address of every sorted list, are no answer.
TOOL_BAR = ("product_list_order", "product_list_dir")
Definitions = dict[str, ast.stmt]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def normal(text: str) -> str:
    """Words alone, so that a name equals its form in an address."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("_", " ")))


def constants(node: ast.AST) -> set[str]:
    """The strings of four or more characters below a node; docstrings are for readers."""
    docstrings = {
        id(inner.body[0].value)
        for inner in ast.walk(node)
        if isinstance(inner, ast.FunctionDef | ast.ClassDef | ast.Module) and isinstance(inner.body[0], ast.Expr)
    }
    found = (inner for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str))
    return {inner.value for inner in found if id(inner) not in docstrings and len(inner.value) >= SHORTEST}


def definitions(site: Path) -> Definitions:
    """Every top-level function, class and value of a site's modules by name, and the ``ORACLES`` entries as "task N".

    A module of tasks over several sites has those of the sites' modules that it takes names from, too.
    """
    found: Definitions = {}
    for path in sorted(site.glob("*.py")) if site.is_dir() else [site]:
        for node in parsed(path).body:
            if (
                isinstance(node, ast.ImportFrom)
                and not site.is_dir()
                and (ROOT / str(node.module).split(".")[0]).is_dir()
            ):
                folder = ROOT / str(node.module).split(".")[0]
                found |= {name: of for name, of in definitions(folder).items() if not name.startswith("task ")}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(node.value, ast.Dict) and ast.unparse(target) == "ORACLES":
                    for key, value in zip(node.value.keys, node.value.values, strict=True):
                        assert isinstance(key, ast.Constant)
                        found[f"task {key.value}"] = ast.Expr(value)
                else:
                    found |= {name.id: node for name in ast.walk(target) if isinstance(name, ast.Name)}
    return found


def constants_of(task_id: int, known: Definitions) -> set[str]:
    """The strings of an oracle and of all it uses of its site's modules."""
    waiting, used = [f"task {task_id}"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in used:
            used.add(name)
            waiting += [inner.id for inner in ast.walk(known[name]) if isinstance(inner, ast.Name)]
    return set().union(*(constants(known[name]) for name in used))


def answers(task: Task) -> Iterator[str]:
    """What the scorer looks for in answers and on pages."""
    for check in (*task.spec.strings, *task.spec.html):
        for reference in (check.references,) if isinstance(check.references, str) else check.references:
            # "true" is the state of a box, and a word of the actions' language.
            yield from (text for text in reference.split(" |OR| ") if text != "true")


def address_parts(task: Task) -> Iterator[str]:
    """Addresses the scorer looks for, whole and in parts."""
    for check in task.spec.urls:
        for url in check.references:
            parts = urlsplit(url)
            yield from (url, parts.path, *parts.path.removesuffix(".html").split("/"))
            yield from (value for key, value in parse_qsl(parts.query) if key not in TOOL_BAR)


def given_away(found: set[str], task: Task) -> list[str]:
    """The constants that are an answer or part of an address, or hold an answer, though the intent does not say it."""
    intent = normal(task.intent)
    secret = {normal(text) for text in answers(task) if len(text) >= SHORTEST and normal(text) not in intent}
    parts = {normal(text) for text in address_parts(task) if len(text) >= SHORTEST and normal(text) not in intent}
    return sorted(
        text
        for text in found
        if normal(text) in parts
        or any(re.search(rf"\b{re.escape(answer)}\b", normal(text)) for answer in secret if answer)
    )


TASKS = {task.task_id: task for task in load_official_tasks() if task.task_id in load_oracles().solutions}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.stem)
def test_oracles_hold_no_answer(site: Path) -> None:
    known = definitions(site)
    tasks = [task for task_id, task in TASKS.items() if f"task {task_id}" in known]
    assert {task.task_id: given_away(constants_of(int(task.task_id), known), task) for task in tasks} == {
        task.task_id: [] for task in tasks
    }


def verified_secrets(task: Task) -> set[str]:
    """What webarena-verified looks for in the answer to its question, and in what is sent."""
    evaluators = library(tuple(sorted(EMBEDDED.items()))).get_task(task.old_task_id).eval
    expected = [evaluator.expected.model_dump(mode="json") for evaluator in evaluators]
    found = {str(leaf) for one in expected for key in ("retrieved_data", "post_data") for leaf in _leaves(one.get(key))}
    return {text for text in found if len(text) >= SHORTEST and normal(text) not in normal(task.intent)}


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    elif value is not None:
        yield value


@pytest.mark.parametrize("path", VERIFIED, ids=lambda path: path.stem)
def test_solutions_of_webarena_verifieds_questions_hold_no_answer(path: Path) -> None:
    known = definitions(path)
    tasks = [asked_by_verified(TASKS[task_id], EMBEDDED) for task_id in TASKS if f"task {task_id}" in known]
    assert tasks
    for task in tasks:
        secrets = {normal(text) for text in verified_secrets(task)}
        assert not [
            text
            for text in constants_of(int(task.task_id), known)
            if any(re.search(rf"\b{re.escape(secret)}\b", normal(text)) for secret in secrets if secret)
        ], task.task_id


def test_what_webarena_verified_looks_for_is_known() -> None:
    assert "coolcat321@hotmail.com" in verified_secrets(asked_by_verified(TASKS[70], EMBEDDED))
    assert "193 commits already!" in verified_secrets(asked_by_verified(TASKS[146], EMBEDDED))


def test_every_question_of_webarena_verified_that_is_asked_was_looked_at() -> None:
    scripted = {name for path in VERIFIED for name in definitions(path) if name.startswith("task ")}
    # 125's question is put in the same words, so that WebArena-Lite's script solves it.
    assert scripted == {f"task {task_id}" for task_id in overrides()["asked_by_verified"] if task_id != 125}


def test_oracles_over_two_sites_answer_for_what_they_take_from_each() -> None:
    known = definitions(ROOT / "multisite_forum.py")
    assert {"new_project", "submit", "_addresses"} <= set(known)
    assert "Create submission" in constants_of(147, known)


def test_every_oracle_was_looked_at() -> None:
    known = [name for site in SITES for name in definitions(site) if name.startswith("task ")]
    assert sorted(known) == sorted(f"task {task_id}" for task_id in TASKS)


def test_the_table_of_states_is_whole_and_so_tells_none_from_another() -> None:
    assert len(us_states.STATES) == len(set(us_states.STATES.values())) == 51  # with the District of Columbia
    (table,) = constants(parsed(ROOT / "us_states.py"))
    assert re.findall(r"\b([A-Z]{2}) ([A-Z][A-Za-z ]+)", table) == list(us_states.STATES.items())


@pytest.mark.parametrize("path", [p for p in HELPERS if p.name != "us_states.py"], ids=lambda path: path.name)
def test_helpers_hold_no_answer_of_any_task(path: Path) -> None:
    assert {task_id: given_away(constants(parsed(path)), task) for task_id, task in TASKS.items()} == {
        task_id: [] for task_id in TASKS
    }


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_oracles_import_only_helpers_and_the_standard_library(path: Path) -> None:
    depth = len(path.relative_to(ROOT).parts)  # a relative import with so many dots stays among the oracles
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert str(node.module).split(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.ImportFrom):
            reads_observations = path.parent == ROOT and node.module == "observed"
            assert node.level <= depth or reads_observations, f"line {node.lineno} imports {node.module}"


@pytest.mark.parametrize(
    ("task_id", "source"),
    [
        (29, 'search("Mouth Guard")'),  # what a page must hold
        (76, 'stop(f"{currency}3053.97 in all")'),  # an answer within a longer text
        (82, 'click("link", "Home Kitchen")'),  # part of an address
    ],
)
def test_the_check_notices_an_answer(task_id: int, source: str) -> None:
    assert given_away(constants(ast.parse(source)), TASKS[task_id])


def test_the_check_lets_pass_what_the_intent_says() -> None:
    assert not given_away({"jaw bruxism", "Living Room", "price range"}, TASKS[29])


def test_the_check_leaves_docstrings_alone() -> None:
    assert constants(ast.parse('def solve():\n    """76: the refund is 3053.97"""\n    stop("nothing")')) == {"nothing"}
