"""RESULTS.md's and README.md's tables of policies, from the JSON of ``webarena-gym eval``.

Official and generated tasks, and samples of either, are never rows of one table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webarena_gym.registration import SITE_IDS

from .failure_analysis import MODES
from .report import Table
from .stats import Interval

Data = Mapping[str, Any]


def grouped(evals: Sequence[Data]) -> dict[str, list[Data]]:
    """Evaluations of the same tasks under a title for them, the least successful first."""
    found: dict[str, list[Data]] = {}
    for data in sorted(evals, key=lambda data: (_rank(data["config"]), _all(data)["success"][0], data["policy"])):
        found.setdefault(tasks_title(data), []).append(data)
    return found


def tasks_title(data: Data) -> str:
    """Which tasks were played, in words; equal titles mean equal tasks.

    >>> config = {"tasks": "test", "site": None, "per_site": None, "seed": 0, "sites": "embedded", "scoring": "lite"}
    >>> tasks_title({"config": config, "planned": 165})
    'The 165 official tasks'
    >>> tasks_title({"config": {**config, "per_site": 2, "site": "map"}, "planned": 2})
    '2 of the official tasks (map), drawn with seed 0'
    >>> tasks_title({"config": {**config, "tasks": "val"}, "planned": 200})
    '200 generated tasks of the val split, drawn with seed 0'
    """
    config, count = data["config"], data["planned"]
    of = f" ({config['site']})" if config["site"] else ""
    if not isinstance(config["tasks"], str):
        title = f"{count} listed tasks{of}: {', '.join(map(str, config['tasks']))}"
    elif config["tasks"] != "test":
        title = f"{count} generated tasks of the {config['tasks']} split{of}, drawn with seed {config['seed']}"
    elif config.get("per_site") is not None:
        title = f"{count} of the official tasks{of}, drawn with seed {config['seed']}"
    else:
        title = f"The {count} official tasks{of}"
    apart = [f"scoring {config['scoring']}"] if config["scoring"] != "lite" else []
    apart += ["real sites"] if config["sites"] == "remote" else []
    return ", ".join([title, *apart])


def _rank(config: Data) -> tuple[bool, bool, str]:
    return config["tasks"] != "test", config.get("per_site") is not None, str(config["tasks"])


def success_table(evals: Sequence[Data]) -> Table:
    """One row a policy: success with its interval, solved of played by site, actions, milestones."""
    played = {group["group"] for data in evals for group in data["groups"]}
    sites = [site for site in SITE_IDS if site in played]
    sites = sites if len(sites) > 1 else []
    rows = []
    for data in evals:
        by_site = {group["group"]: group for group in data["groups"]}
        everything = _all(data)
        rows.append([
            data["policy"], str(everything["episodes"]), Interval(*everything["success"]).percent(),
            *(_solved(by_site[site]) if site in by_site else "" for site in sites),
            f"{Interval(*everything['steps']).plain()} of {data['config']['max_steps']}",
            Interval(*everything["milestones"]).percent(0), str(everything["infra_errors"]),
        ])  # fmt: skip
    columns = [
        "policy",
        "episodes ",
        "success ",
        *(f"{site} " for site in sites),
        "actions, at most ",
        "milestones ",
        "infra errors ",
    ]
    return Table(columns=columns, rows=rows)


def short_table(evals: Sequence[Data]) -> Table:
    """The same without sites, for a README."""
    rows = [
        [
            data["policy"],
            _solved(_all(data)),
            Interval(*_all(data)["success"]).percent(),
            Interval(*_all(data)["milestones"]).percent(0),
        ]
        for data in evals
    ]
    return Table(columns=["policy", "solved ", "success ", "milestones reached "], rows=rows)


def mode_table(evals: Sequence[Data]) -> Table:
    """How failed episodes ended: of all episodes, and of the failures."""
    rows = []
    for data in evals:
        counts = _all(data)["outcomes"]
        failures, episodes = sum(counts[mode] for mode in MODES), _all(data)["episodes"]
        shares = [
            f"{counts[m]} ({counts[m] / episodes:.0%}, {counts[m] / failures:.0%})" if counts[m] else "0" for m in MODES
        ]
        rows.append([data["policy"], str(episodes), str(failures), *(shares if failures else [""] * len(MODES))])
    return Table(columns=["policy", "episodes ", "failures ", *(f"{mode} " for mode in MODES)], rows=rows)


def commands(evals: Sequence[Data]) -> list[str]:
    """What made each row, as lines of a list: training first, where there was any."""
    lines = []
    for data in evals:
        note = f" {data['note'][0].upper()}{data['note'][1:]}." if data["note"] else ""
        steps = [f"`{command}`" for command in (data.get("training"), data["command"]) if command]
        lines.append(f"- {data['policy']}: {', then '.join(steps)}.{note}")
    return lines


def _solved(group: Data) -> str:
    return f"{round(group['success'][0] * group['episodes']) if group['episodes'] else 0}/{group['episodes']}"


def _all(data: Data) -> Data:
    return next(group for group in data["groups"] if group["group"] == "all")
