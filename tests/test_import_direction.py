"""Who may import whom. Reference answers live in tasks and evaluators, and a policy that cannot import them cannot leak them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = {"webarena_gym": "webarena_gym", "reward_wrappers": "reward_wrappers", "agents": "webarena_gym.agents",
           "benchmarks": "webarena_gym.benchmarks"}  # fmt: skip
BASE = {"types", "errors", "config", "observed", "registration", "logs", "processes"}
# Which parts of webarena_gym each part may import, besides itself and BASE.
ALLOWED = {
    "actions": set(),
    "observation": set(),
    "sites": {"observation"},
    "tasks": set(),
    "engines": {"sites", "actions", "observation"},
    "evaluators": {"tasks", "observation"},
    "milestones": {"tasks", "evaluators"},
    "oracle_policy": {"tasks"},
    "spaces": {"actions"},
}


def imports() -> list[tuple[str, str]]:
    """(module, imported module) pairs, absolute names."""
    found = []
    for folder, package in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = [*package.split("."), *path.relative_to(ROOT / folder).with_suffix("").parts]
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found += [(module, alias.name) for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    base = parts[: len(parts) - node.level] if node.level else []
                    name = ".".join([*base, *([node.module] if node.module else [])])
                    found += [(module, name)]
                    if node.module is None:
                        found += [(module, f"{name}.{alias.name}") for alias in node.names]
    return found


IMPORTS = imports()


def part(module: str) -> str:
    return module.split(".")[1] if module.count(".") else ""


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_part_imports_only_what_lies_below_it(name):
    wrong = [
        f"{module} imports {imported}"
        for module, imported in IMPORTS
        if module.startswith("webarena_gym.") and part(module) == name and imported.startswith("webarena_gym.")
        and part(imported) not in {name, *ALLOWED[name], *BASE}
    ]  # fmt: skip
    assert wrong == []


def test_the_base_modules_import_the_standard_library_alone():
    wrong = [
        f"{module} imports {imported}"
        for module, imported in IMPORTS
        if module.startswith("webarena_gym.") and part(module) in {"types", "errors", "observed", "logs", "processes"}
        and imported.split(".")[0] not in sys.stdlib_module_names
    ]  # fmt: skip
    assert wrong == []


def test_reward_wrappers_need_gymnasium_and_numpy_alone():
    allowed = {
        "reward_wrappers",
        "gymnasium",
        "numpy",
        "matplotlib",
        *sys.stdlib_module_names,
    }  # matplotlib: in plots only
    wrong = [
        f"{m} imports {i}" for m, i in IMPORTS if m.startswith("reward_wrappers") and i.split(".")[0] not in allowed
    ]
    assert wrong == []


def test_agents_cannot_reach_answers():
    allowed = {"agents", "types", "errors", "actions", "spaces", "observed", "logs", "processes"}
    wrong = [
        f"{module} imports {imported}"
        for module, imported in IMPORTS
        if module.startswith("webarena_gym.agents")
        and imported.startswith("webarena_gym")
        and part(imported) not in allowed
    ]
    assert wrong == []


def test_nothing_imports_the_env_or_the_benchmarks_but_the_edges():
    edges = ("webarena_gym.benchmarks", "webarena_gym.commands", "webarena_gym.vector")
    wrong = [
        f"{module} imports {imported}"
        for module, imported in IMPORTS
        if part(imported) in ("env", "benchmarks")
        and imported.startswith("webarena_gym.")
        and not module.startswith(edges)
    ]
    assert wrong == []
