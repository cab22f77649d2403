"""WebArena-Lite's task configs, in the shape of WebArena's own file: what webarena-verified ships, with our overrides.

The file is found without importing ``webarena_verified``, which takes two seconds. Configs are JSON objects as upstream
defines them (``sites``, ``intent``, ``start_url``, ``eval`` ...), placeholders such as ``__SHOPPING__`` included.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.resources
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from ..errors import TaskDataError

Config = dict[str, Any]

_PACKAGE = "webarena_verified"
_INSTALL = "install it with: pip install 'webarena-verified=={version}'"


@functools.cache
def overrides() -> Config:
    """Our table of facts about WebArena-Lite, ``overrides.json``."""
    return json.loads(importlib.resources.files(__package__).joinpath("overrides.json").read_text("utf-8"))


def task_file_path() -> Path:
    """Where the installed package keeps its copy of WebArena's ``test.raw.json``.

    Raises:
        TaskDataError: the package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)  # a top-level name: nothing is executed
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not folders:
        version = overrides()["webarena_verified"]
        raise TaskDataError(
            "the official tasks are read from the package webarena-verified, which is not installed; "
            + _INSTALL.format(version=version)
        )
    return Path(folders[0]) / "assets" / "dataset" / "test.raw.json"


@functools.cache
def verified_intents() -> dict[int, str]:
    """webarena-verified's own wording of WebArena's tasks, by their numbers among the 812; to be read, not changed.

    Raises:
        TaskDataError: the package is not installed, or lacks the file.
    """
    path = task_file_path().with_name("webarena-verified.json")
    try:
        return {config["task_id"]: config["intent"] for config in json.loads(path.read_bytes())}
    except OSError as error:
        raise TaskDataError(
            f"cannot read {path} ({error}); reinstall it: " + _INSTALL.format(version=overrides()["webarena_verified"])
        ) from error


def read_task_file(path: Path) -> list[Config]:
    """The 812 configs of a ``test.raw.json``.

    Raises:
        TaskDataError: the file cannot be read, or is not the one that the overrides were written for.
    """
    version = overrides()["webarena_verified"]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TaskDataError(
            f"cannot read the task file {path} ({error}); reinstall it: " + _INSTALL.format(version=version)
        ) from error
    if hashlib.sha256(content).hexdigest() != overrides()["sha256"]:
        raise TaskDataError(
            f"{path} (webarena-verified {_installed_version()}) is not the task file of version {version}, for which "
            "WebArena-Lite's changes are known; " + _INSTALL.format(version=version)
        )
    return json.loads(content)


def _installed_version() -> str:
    try:
        return importlib.metadata.version("webarena-verified")
    except importlib.metadata.PackageNotFoundError:
        return "of unknown version"


@functools.cache
def lite_configs() -> tuple[Config, ...]:
    """WebArena-Lite's 165 configs in the order of their ids; to be read, not changed.

    Raises:
        TaskDataError: the task file is missing, unreadable or another one.
    """
    by_old_id = {config["task_id"]: config for config in read_task_file(task_file_path())}
    changes = overrides()["changes"]
    return tuple(
        _changed({**by_old_id[old_id], "task_id": task_id, "old_task_id": old_id}, changes.get(str(task_id), {}))
        for task_id, old_id in enumerate(overrides()["old_task_ids"])
    )


def _changed(config: Config, change: Config) -> Config:
    """``config`` with one entry of the override table applied."""
    evaluation = dict(config["eval"])
    if "values" in change:
        config["instantiation_dict"] = change["values"]
        config["intent"] = _render(config["intent_template"], change["values"])
    if "rule" in change and evaluation["reference_answers"]:
        evaluation["reference_answers"] = _renamed(evaluation["reference_answers"], change["rule"])
    elif "rule" in change:
        evaluation["program_html"] = [
            {**check, "required_contents": _renamed(check["required_contents"], change["rule"])}
            for check in evaluation["program_html"]
        ]
    if "html" in change:
        pairs = zip(evaluation["program_html"], change["html"], strict=False)
        evaluation["program_html"] = [_changed_check(check, differences) for check, differences in pairs]
    if "answers" in change:
        evaluation["reference_answers"] = change["answers"]
    if "note" in change:
        evaluation["string_note"] = change["note"]
    evaluation.update({key: change[key] for key in ("reference_url", "eval_types") if key in change})
    return {**config, "eval": evaluation}


def _renamed(rules: Config, rule: str) -> Config:
    [references] = rules.values()
    if isinstance(references, list) == (rule == "exact_match"):
        references = [references] if isinstance(references, str) else references[0]
    return {rule: references}


def _changed_check(check: Config, differences: Config) -> Config:
    differences = dict(differences)
    if references := differences.pop("references", None):
        [rule] = check["required_contents"]
        differences["required_contents"] = {rule: references}
    return {**check, **differences}


def _render(template: str, values: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda match: values[match[1]], template)
