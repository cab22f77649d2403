"""``webarena-gym results``: RESULTS.md, README.md's tables and all charts, from the JSON files in ``benchmarks/results``.

Every figure that these pages show comes from there; a test fails where they differ. A file that is not there leaves its
section out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .algorithms_summary import shown_charts, to_markdown
from .compare import published_table
from .results_charts import Drawing, drawings
from .results_evals import commands, grouped, mode_table, short_table, success_table
from .results_llm import gpu_text, training_command, training_table, training_text
from .results_scale import SCALE_SECTIONS, ScaleSection
from .stats import Interval

HELP = "write RESULTS.md, README.md's tables and the charts from the recorded figures, or check that they agree"

_BEGIN, _END = "<!-- results -->", "<!-- end -->"
_MEASURED = "<!-- measured: benchmarks/results/algorithms.json -->"
Data = Mapping[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--root", type=Path, default=Path(), help="the clone (default: this folder)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 where a page differs from the figures"
    )


def run(args: argparse.Namespace) -> int:
    stale = stale_files(args.root)
    for path in stale:
        print(f"{path}: {'differs from the recorded figures' if args.check else 'written'}")
    if not args.check:
        write(args.root)
    return 1 if args.check and stale else 0


def write(root: Path) -> None:
    """Write the pages, and draw every chart anew."""
    for path, text in rendered(root).items():
        path.write_text(text, encoding="utf-8")
    for path, drawing in charts(root).items():
        path.write_text(drawing.svg(), encoding="utf-8")


def stale_files(root: Path) -> list[Path]:
    """The pages and charts that do not show the recorded figures, and charts of figures that are gone."""
    pages = [
        path for path, text in rendered(root).items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    known = charts(root)
    drawn = [
        path
        for path, drawing in known.items()
        if not (path.exists() and drawing.shown_by(path.read_text(encoding="utf-8")))
    ]
    return pages + drawn


def charts(root: Path) -> dict[Path, Drawing]:
    """The charts that the pages show, by path."""
    folder = root / "benchmarks" / "results"
    return {folder / f"{name}.svg": drawing for name, drawing in drawings(recorded(folder)).items()}


def rendered(root: Path) -> dict[Path, str]:
    """The pages as they should be, by path.

    Raises:
        ValueError: A page has no place for its table.
    """
    results = recorded(root / "benchmarks" / "results")
    pages = {
        root / "RESULTS.md": results_page(results),
        root / "README.md": _filled(root / "README.md", _BEGIN, headlines(results)),
    }
    training = root / "docs" / "training.md"
    if "algorithms" in results and training.exists():
        pages[training] = _filled(training, _MEASURED, to_markdown(results["algorithms"]))
    return pages


def _filled(path: Path, begin: str, between: str) -> str:
    """A page's text with the lines from ``begin`` to the next end mark replaced."""
    text = path.read_text(encoding="utf-8")
    if begin not in text or _END not in text.split(begin, 1)[1]:
        raise ValueError(f"{path.name} needs the lines {begin} and {_END}, between which the tables go")
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n{between}\n{_END}{rest.split(_END, 1)[1]}"


def recorded(folder: Path) -> dict[str, Any]:
    """The figures by file name without its ending."""
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}


def results_page(results: Mapping[str, Any]) -> str:
    """RESULTS.md."""
    parts = [
        "# Results",
        "Written by `webarena-gym results` from `benchmarks/results/*.json`; the command above each table made its file. "
        "Brackets are 95% intervals.",
    ]
    evals = [data for name, data in results.items() if name.startswith("eval_")]
    if evals:
        parts.append(_evals(evals))
    for name, section in _SECTIONS.items():
        if name in results:
            parts.append(section(results[name]))
    fidelity = {name.removeprefix("fidelity_"): data for name, data in results.items() if name.startswith("fidelity_")}
    if fidelity:
        parts.append(_fidelity(fidelity))
    table, remark = published_table()
    parts.append("## Published, on the real sites\n\n" + remark + "\n\n" + _table(table.columns, table.rows))
    return "\n\n".join(parts) + "\n"


def headlines(results: Mapping[str, Any]) -> str:
    """README's tables."""
    tables = [_table(["", ""], _headline_rows(results))]
    for title, found in grouped([data for name, data in results.items() if name.startswith("eval_")]).items():
        tables.append(f"{title}:\n\n{short_table(found).to_markdown()}")
    return "\n\n".join(tables)


def _headline_rows(results: Mapping[str, Any]) -> list[list[str]]:
    rows: list[list[str]] = []
    if "oracle" in results:
        for engine, found in results["oracle"]["engines"].items():
            rows.append([
                f"Scripted oracles, {engine} engine, scoring `lite`",
                f"{found['solved']} of {found['tasks']} tasks solved; {found['rejected']} of {found['negatives']} wrong runs rejected, "
                f"the other {found['listed']} being the official rules' own leniencies; {found['seconds']:.0f} s in all",
            ])  # fmt: skip
    if "speed" in results:
        speed = results["speed"]
        row = f"step {_ms(speed['http_step_ms'])} on a 36-product listing, {_ms(speed['http_light_step_ms'])} on a light page; "
        rows.append(["http engine", row + f"reset {_ms(speed['http_reset_ms'])}; {speed['env_mb']:.1f} MB an env"])
        if speed.get("browser_step_ms"):
            rows.append(
                ["browser engine", f"step {_ms(speed['browser_step_ms'])} and {_ms(speed['browser_light_step_ms'])}"]
            )
        if speed.get("browsergym_step_ms"):
            ratio = speed["browsergym_step_ms"] / speed["http_step_ms"]
            rows.append(
                [
                    "BrowserGym 0.14.3 on the same page, same run",
                    f"step {_ms(speed['browsergym_step_ms'])}, {ratio:.0f} times ours in http",
                ]
            )
    if "claim" in results:
        arms, config = results["claim"]["summary"]["arms"], results["claim"]["config"]
        bonus, sparse = (Interval(*arms[arm]["final_success"]).percent(0) for arm in ("bonus", "sparse"))
        rows.append([
            f"PPO from nothing, {config['env_steps']:,} steps, {config['seeds']} seeds, two families of generated tasks",
            f"{bonus} solved with the milestone bonus, {sparse} with the task's reward alone",
        ])  # fmt: skip
    return rows


def _oracle(data: Data) -> str:
    rows = []
    for engine, found in data["engines"].items():
        rows += [
            [
                engine,
                g["site"],
                g["scored_by"],
                f"{g['solved']}/{g['tasks']}",
                f"{g['rejected']}/{g['negatives']}",
                str(g["listed"] or ""),
            ]
            for g in found["groups"]
        ]
    columns = ["engine", "site", "scored by", "solved", "wrong runs rejected", "accepted as listed"]
    times = "; ".join(f"{engine}: {found['seconds']:.0f} s" for engine, found in data["engines"].items())
    return _section("Scripted oracles", "webarena-gym bench oracles --json benchmarks/results/oracle.json", data,
                    f"Solutions and negatives of all tasks, scoring `lite`. Time for all of them: {times}.\n\n" + _table(columns, rows))  # fmt: skip


def _fidelity(sites: Mapping[str, Sequence[Data]]) -> str:
    rows = []
    for site, pages in sites.items():
        lowest = min(pages, key=lambda page: page["score"])
        mean = sum(page["score"] for page in pages) / len(pages)
        rows.append([site, str(len(pages)), f"{mean:.3f}", f"{lowest['score']:.3f} ({lowest['page_type']})"])
    return _section("Fidelity to recordings of the real sites",
                    "webarena-gym bench fidelity --site SITE --recordings FILE --json benchmarks/results/fidelity_SITE.json", {},
                    "Multiset F1 of (role, name) of a page's chrome (recall where a recording is partial), mean over page types.\n\n"
                    + _table(["site", "page types", "mean", "lowest"], rows))  # fmt: skip


def _speed(data: Data) -> str:
    names = {
        "http_step_ms": "http, step to the 36-product listing", "http_again_ms": "http, the listing once more in the same process", "http_light_step_ms": "http, step to the account page",
        "http_reset_ms": "http, reset after 50 writes", "browser_step_ms": "browser, step to the listing",
        "browser_light_step_ms": "browser, step to the account page", "browsergym_step_ms": "BrowserGym 0.14.3, step to the listing",
    }  # fmt: skip
    rows = [
        [text, _ms(data[name]), _ms(data[name.replace("_ms", "_p95_ms")])]
        for name, text in names.items()
        if data.get(name) is not None
    ]
    more = [f"`import webarena_gym` takes {data['import_s']:.2f} s; one more http env {data['env_mb']:.1f} MB."]
    if data.get("axtree_chars"):
        share = data["obs_chars"] / data["axtree_chars"]
        more.append(
            f"The listing's text has {data['obs_chars']:,} characters, {share:.2f} of BrowserGym's {data['axtree_chars']:,}."
        )
    return _section("Speed", "webarena-gym bench speed --json benchmarks/results/speed.json", data,
                    _table(["", "median", "p95"], rows) + "\n\n" + " ".join(more)
                    + ("\n\n![Time of a step](benchmarks/results/speed.svg)" if data.get("browser_step_ms") or data.get("browsergym_step_ms") else ""))  # fmt: skip


def _scale(data: Data) -> str:
    rows = [
        [
            f"{s['products']:,}",
            f"{s['build_s']:.0f} s",
            _ms(s["listing_ms"]),
            _ms(s["search_ms"]),
            _ms(s["search_p95_ms"]),
            f"{s['env_mb']:.1f} MB",
        ]
        for s in data["sizes"]
    ]
    return _section("A larger shop", "webarena-gym bench scale --json benchmarks/results/scale.json", data,
                    _table(["products", "build", "listing step", "search", "search p95", "a further env"], rows))  # fmt: skip


def _claim(data: Data) -> str:
    rows = []
    for arm, row in data["summary"]["arms"].items():
        at_least = "≥ " if any(row["censored"]) else ""
        rows.append([
            arm, f"{at_least}{row['mean_steps']:,.0f}", f"{sum(row['censored'])} of {len(row['censored'])}",
            "" if arm == "sparse" else "{:.2f} [{:.2f}, {:.2f}]".format(*row["times_fewer"]), Interval(*row["final_success"]).percent(0),
        ])  # fmt: skip
    return _section("Milestone rewards on web tasks", "webarena-gym bench claim --out benchmarks/results/claim.json --charts CHARTS", data,
                    "Steps until 80% of the best success rate, PPO on two families of the shop's tasks; a run that misses counts at its budget.\n\n"
                    + _table(["reward", "mean steps", "misses", "times fewer than sparse", "success at the end"], rows)
                    + "\n\n![Learning curves](benchmarks/results/claim_curves.svg)\n\n![Steps to 80%](benchmarks/results/claim_steps.svg)")  # fmt: skip


def _doorkey(data: Data) -> str:
    rows = []
    for task, arms in data["summary"].items():
        for arm, row in arms.items():
            low, high = row["mean_steps_interval"]
            fewer = "{:.1f} [{:.1f}, {:.1f}]".format(row["times_fewer"], *row["times_fewer_interval"])
            rows.append([
                task, arm, f"{'≥ ' if row['misses'] else ''}{row['mean_steps']:,.0f} [{low:,.0f}, {high:,.0f}]",
                f"{row['misses']} of {data['config']['seeds']}", "" if arm == "unshaped" else fewer,
            ])  # fmt: skip
    minutes = sum(run["cpu_s"] for run in data["runs"]) / 60
    return _section("Milestone rewards on other envs", "webarena-gym bench milestones --out benchmarks/results/milestones_doorkey.json", data,
                    f"Steps until 90% of the last {data['config']['window']} training episodes succeed, PPO of Stable-Baselines3; a run that "
                    f"misses counts at the cap of {data['config']['cap']:,}. {minutes:.0f} minutes of one core in all.\n\n"
                    + _table(["env", "reward", "mean steps", "misses", "times fewer than unshaped"], rows)
                    + "\n\n![Steps of every run](benchmarks/results/milestones_doorkey.svg)")  # fmt: skip


def _pages(data: Data) -> str:
    rows = [[p["site"], p["kind"], f"`{p['path']}`", _ms(p["median_ms"]), _ms(p["p95_ms"])] for p in data["pages"]]
    return _section("Heavy and light pages", "webarena-gym bench pages --json benchmarks/results/pages.json", data,
                    "A step of the http engine in processor time: open, parse, write the observation.\n\n"
                    + _table(["site", "kind", "page", "median", "p95"], rows))  # fmt: skip


def _overhead(data: Data) -> str:
    rows = [[name, f"{r['overhead_us']:.2f} µs", f"{r['limit_us']:.0f} µs"] for name, r in data["results"].items()]
    return _section("What milestone shaping adds to a step", "webarena-gym bench overhead", data,
                    f"{data['config']['milestones']} predicate milestones; single: a step of FrozenLake; vector: per env and milestone "
                    f"of {data['config']['num_envs']}.\n\n" + _table(["", "added", "bar"], rows))  # fmt: skip


def _evals(evals: Sequence[Data]) -> str:
    """A table for each set of tasks, the failures beside it, a chart, and the commands."""
    parts = []
    for number, (title, found) in enumerate(grouped(evals).items(), 1):
        parts += [
            f"### {title}",
            success_table(found).to_markdown(),
            f"![How episodes ended, by policy](benchmarks/results/outcomes_{number}.svg)",
            "How the failed ones ended, by rules; in brackets the share of all episodes and of the failures:",
            mode_table(found).to_markdown(),
            "Each command also takes `--out FOLDER`:",
            "\n".join(commands(found)),
        ]
    text = "Success is the task's own. A row stands only beside rows of the same tasks; columns of sites are solved of played."
    return _section("Policies", "webarena-gym eval", evals[0], "\n\n".join([text, *parts]))


def _envs(data: Data) -> str:
    counts = [
        [f"{c['envs']:,}", f"{c['steps_a_second']:,.0f}", _ms(c["ms_a_step"]), f"{c['env_mb']:.1f} MB"]
        for c in data["counts"]
    ]
    sizes = [
        [f"{s['products']:,}", _ms(s["listing_ms"]), _ms(s["search_ms"]), f"{s['env_mb']:.1f} MB"]
        for s in data["sizes"]
    ]
    tables = [
        _table(["envs in one process", "steps a second of one core", "a step", "an env"], counts),
        "![Steps a second against the number of envs](benchmarks/results/envs_count.svg)",
        _table(["products", "listing step", "search step", "a further env"], sizes),
        "![A step against the size of the shop](benchmarks/results/envs_size.svg)",
    ]
    return _section("More envs, larger sites", "webarena-gym bench envs --json benchmarks/results/envs.json", data,
                    "http engine, processor time; envs are stepped in turn through a listing, a search and a light page.\n\n"
                    + "\n\n".join(tables))  # fmt: skip


def _failures(data: Data) -> str:
    labels = list(data["counts"])
    rows = [[label, *(str(data["counts"][label][found]) for found in labels)] for label in labels]
    differing = "; ".join(f"{d['episode']}: {d['label']}, by the rules {d['rules']}" for d in data["differing"])
    return _section("Failure rules against labels", "webarena-gym bench failures --json benchmarks/results/failures.json", {},
                    f"{data['episodes']} labelled episodes, labels by row: agreement {Interval(*data['agreement']).percent()}, Cohen's "
                    f"kappa {data['kappa']:.2f}." + (f" Not so: {differing}." if differing else "") + "\n\n" + _table(["label", *labels], rows))  # fmt: skip


def _report(data: Data) -> str:
    row = [
        f"{data['episodes']:,}",
        f"{data['megabytes']:.1f} MB",
        f"{data['open_s']:.2f} s",
        f"{data['slowest_s']:.2f} s",
    ]
    return _section("A report opens", "webarena-gym bench report --json benchmarks/results/report.json", data,
                    f"From asking for the file to the first episode on screen, headless Chromium, {data['repeats']} times.\n\n"
                    + _table(["episodes", "size", "median", "slowest"], [row]))  # fmt: skip


def _rollouts(data: Data) -> str:
    config = data["config"]
    rows = [
        [site, f"{row['steps_per_s']:,.0f}", f"{row['steps_per_cpu_s']:,.0f}", str(row["infra_errors"])]
        for site, row in data["sites"].items()
    ]
    return _section("Rollouts", "webarena-gym bench rollouts --json benchmarks/results/rollouts.json", data,
                    f"Whole episodes of random clicks over {config['envs']} http envs in {config['processes']} processes, resets among them.\n\n"
                    + _table(["site", "env steps a second", "of one core's processor time", "infra errors"], rows))  # fmt: skip


def _algorithms(data: Data) -> str:
    config = data["config"]
    files = "--work WORK --out benchmarks/results/algorithms.json"
    return _section("Algorithms from one start", f"webarena-gym bench algorithms {files}", data,
                    f"{config['env_steps']:,} environment steps each, {' and '.join(t['site'] for t in config['sites'])}, "
                    f"{data['cpu_s'] / 60:.0f} minutes of processor time in all. docs/training.md says what is compared.\n\n"
                    + to_markdown(data)
                    + "".join(f"\n\n![Learning curves](benchmarks/results/{name}.svg)" for name in shown_charts(data)))  # fmt: skip


def _llm(data: Data) -> str:
    title = f"A language model, before and after ({'processor' if data['model']['device'] == 'cpu' else 'GPU'})"
    return _section(
        title, training_command(data), data, training_text(data) + "\n\n" + training_table(data).to_markdown()
    )


def _gpu(data: Data) -> str:
    return _section(
        "Gemma 3 at real size", "webarena-gym bench gpu --json benchmarks/results/llm_gpu.json", data, gpu_text(data)
    )


def _of_scale(section: Callable[[Data], ScaleSection], data: Data) -> str:
    found = section(data)
    return _section(found.title, found.command, data, found.text)


_SECTIONS: dict[str, Callable[[Data], str]] = {
    "oracle": _oracle,
    "speed": _speed,
    "scale": _scale,
    "envs": _envs,
    "pages": _pages,
    "rollouts": _rollouts,
    "claim": _claim,
    "milestones_doorkey": _doorkey,
    "algorithms": _algorithms,
    "llm_training_gpu": _llm,
    "llm_training_cpu": _llm,
    "llm_gpu": _gpu,
    "wrapper_overhead": _overhead,
    "failures": _failures,
    "report": _report,
    **{name: partial(_of_scale, section) for name, section in SCALE_SECTIONS.items()},
}


def _section(title: str, command: str, data: Data, text: str) -> str:
    machine = data.get("machine") or {}
    where = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}"
        if machine
        else ""
    )
    return f"## {title}\n\n`{command}`" + (f" on {where}" if where else "") + f"\n\n{text}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(re.sub(r"[|\n]", " ", cell).strip() for cell in line) + " |" for line in lines)


def _ms(value: float) -> str:
    return f"{value:.2f} ms" if value < 10 else f"{value:.0f} ms"
