"""No text of a page, a policy or a site is ever run: nothing in the package evaluates strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

OWN_SCRIPTS = {"extraction_script", "extraction_to_text"}
ROOT = Path(__file__).parent.parent
FOLDERS = ("webarena_gym", "reward_wrappers", "agents", "benchmarks")
RUNNERS = {"eval", "exec", "compile", "__import__"}
UNSAFE_LOADERS = {
    ("pickle", "loads"),
    ("pickle", "load"),
    ("marshal", "loads"),
    ("os", "system"),
    ("os", "popen"),
    ("yaml", "load"),
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


CALLS = list(calls())


def test_nothing_evaluates_a_string() -> None:
    found = [
        place
        for place, call in CALLS
        if (isinstance(call.func, ast.Name) and call.func.id in RUNNERS)
        or (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and (call.func.value.id, call.func.attr) in UNSAFE_LOADERS
        )
        or any(keyword.arg == "shell" for keyword in call.keywords)
    ]
    assert found == []


def test_scripts_run_in_pages_are_the_packages_own() -> None:
    """``evaluate`` of Playwright takes a literal, a constant or one of ``OWN_SCRIPTS``; what pages say goes in as argument."""
    driven = [
        (place, call)
        for place, call in CALLS
        if place.startswith("webarena_gym/engines/") and _name(call) == "evaluate"
    ]
    assert len(driven) >= 3
    for place, call in driven:
        script = call.args[0]
        own = (
            isinstance(script, ast.Constant)
            or (isinstance(script, ast.Name) and (script.id.isupper() or script.id == "script"))
            or (isinstance(script, ast.Call) and _name(script) in OWN_SCRIPTS)
        )
        assert own, place


def test_scripts_handed_on_are_the_packages_own() -> None:
    """``_patiently(page, script)`` hands its script to ``evaluate``."""
    for place, call in CALLS:
        if _name(call) == "_patiently":
            script = call.args[1]
            assert isinstance(script, ast.Constant) or _name(script) in OWN_SCRIPTS, place


def _name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
