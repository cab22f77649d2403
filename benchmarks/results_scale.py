"""What RESULTS.md says of many envs, faults, the long soak and Ray actors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .fault_outcomes import Outcome
from .fault_outcomes import rows as fault_rows
from .report import Table

Data = Mapping[str, Any]


class ScaleSection(NamedTuple):
    """A section: its title, the command that made its figures, and its text."""

    title: str
    command: str
    text: str


def _many(data: Data) -> ScaleSection:
    rows = [
        [
            f"{b['envs']:,} {b['engine']}",
            f"{b['seconds'] / 60:.1f} min",
            f"{b['steps_per_s']:,.1f}",
            f"{b['processor_ms']:.2f} ms",
            f"{b['memory_mb']:,.0f} MB",
            f"{b['usage']['memory_mb']['per_minute']:+.1f} ± {2 * b['usage']['memory_mb']['noise_per_minute']:.1f} MB",
            f"{b['episodes']:,}",
            str(b["infra_errors"]),
        ]
        for b in data["batches"]
    ]
    columns = [
        "envs",
        "measured",
        "steps a second",
        "processor time a step",
        "memory at most",
        "growth a minute",
        "episodes",
        "infra errors",
    ]
    return ScaleSection(
        "Many envs",
        "webarena-gym bench many --json benchmarks/results/many.json",
        "Envs over all sites play a random policy: http envs in one process a core, browser envs side by side in one Chromium. Memory is "
        "of all processes, shared pages counted once; growth is the slope of a line through it after a warm-up, with two standard "
        "errors. The machine did other work too, which the steps a second show and the processor time hardly does.\n\n"
        + Table(columns=columns, rows=rows).to_markdown(),
    )  # fmt: skip


def _faults(data: Data) -> ScaleSection:
    found = fault_rows([Outcome(**outcome) for outcome in data["outcomes"]])
    rows = [
        [r.fault, r.run, str(r.runs), *(str(n) for n in (r.planned, r.hit, r.retried, r.different, r.lost, r.twice))]
        for r in found
    ]
    columns = ["fault", "run", "runs", "episodes", "marked", "played again", "differ", "lost", "twice"]
    return ScaleSection(
        "Faults",
        "webarena-gym bench faults --json benchmarks/results/faults.json",
        "Each run is struck once and compared with one that is not. All finished. Episodes that were hit are marked as infrastructure "
        "errors or played again; those that differ, were lost or stand twice would be failures.\n\n"
        + Table(columns=columns, rows=rows).to_markdown(),
    )


def _soak(data: Data) -> ScaleSection:
    trends = [
        [
            name.replace("_mb", " (MB)").replace("_", " "),
            f"{t['first']:,.1f}",
            f"{t['last']:,.1f}",
            f"{t['per_minute']:+.2f}",
        ]
        for name, t in data["usage"].items()
    ]
    sites = ", ".join(f"{site} {count}" for site, count in data["episodes"].items())
    return ScaleSection(
        "A long soak",
        "webarena-gym bench soak --json benchmarks/results/soak.json",
        f"{data['seconds'] / 60:.0f} minutes of a random policy: {data['http_steps']:,} http and {data['browser_steps']:,} browser steps, "
        f"after {data['warm_up_steps']:,} http steps that fill the caches of pages; episodes, with the warm-up's: {sites}. "
        f"{len(data['infra_errors'])} episodes broken, {len(data['http_500'])} answers of HTTP 500, "
        f"{len(data['unhandled'])} exceptions unhandled.\n\n"
        + Table(columns=["after the warm-up", "first quarter", "last quarter", "a minute"], rows=trends).to_markdown(),
    )


def _ray(data: Data) -> ScaleSection:
    alone = data["spreads"][0]["steps_per_s"]
    rows = [
        [
            f"{s['workers']} actors" if s["workers"] else "this process",
            f"{s['steps_per_s']:,.1f}",
            f"{s['steps_per_s'] / alone:.2f}",
            str(s["different"]),
        ]
        for s in data["spreads"]
    ]
    return ScaleSection(
        "Ray actors",
        "webarena-gym bench ray --json benchmarks/results/ray.json",
        f"{data['episodes']} episodes of {data['site']}'s training tasks, one env each.\n\n"
        + Table(
            columns=["played by", "steps a second", "times this process", "trajectories that differ"], rows=rows
        ).to_markdown(),
    )


SCALE_SECTIONS: dict[str, Callable[[Data], ScaleSection]] = {
    "many": _many,
    "faults": _faults,
    "soak": _soak,
    "ray": _ray,
}
