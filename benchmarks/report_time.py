"""``webarena-gym bench report``: how long the report of a run takes to open in headless Chromium, and what it looks like.

By default the run is 200 episodes of a random policy that never stops, on generated tasks of all sites: 30 actions each.
``--runs`` opens the report of other evaluations. Measured is the time from asking for the file to the first episode's observation
on screen, anew in a fresh tab each time. ``--screenshots`` keeps pictures in light and dark, to be looked at.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .machine import describe_machine
from .result_file import write_result

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HELP = "measure how long a run's report takes to open, and take pictures of it"

LIMIT_S = 2.0
"""Most that the median may be."""
READY = ".panel .text"
WINDOW = {"width": 1500, "height": 1000}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path("runs/report"), help="folder for the run and report (%(default)s)"
    )
    parser.add_argument("--episodes", type=int, default=200, help="of a random policy (%(default)s)")
    parser.add_argument(
        "--runs", nargs="+", type=Path, default=None, metavar="FOLDER", help="show these evaluations instead"
    )
    parser.add_argument("--repeats", type=int, default=7, help="times that the report is opened (%(default)s)")
    parser.add_argument("--screenshots", type=Path, default=None, help="folder for pictures of the report")
    parser.add_argument("--json", type=Path, default=None, help="write the figures here")
    parser.add_argument("--workers", type=int, default=None, help="processes (default: one a core)")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    """Measure, print and write; 1 where the report opens too slowly.

    Raises:
        BrowserError, MissingDependency: There is no Chromium to open it in.
    """
    folders = args.runs or [_played(args.out, args.episodes, args.workers, args.cache_dir)]
    report = _written(args.out / "report.html", folders)
    figures = measure(report, args.repeats)
    print(f"{figures['episodes']} episodes, {figures['megabytes']:.1f} MB: opens in {figures['open_s']:.2f} s "
          f"(median of {args.repeats}; {figures['slowest_s']:.2f} s at most), at most {LIMIT_S:g} s is wanted")  # fmt: skip
    if args.screenshots is not None:
        for picture in pictures(report, args.screenshots):
            print(picture)
    if args.json is not None:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        write_result(args.json, {"machine": describe_machine(), **figures})
    return int(figures["open_s"] > LIMIT_S)


def _played(out: Path, episodes: int, workers: int | None, cache_dir: str | None) -> Path:
    from .eval_config import EvalConfig
    from .eval_folder import EvalFolder
    from .success_rate import evaluate

    config = EvalConfig(policy="random:never-stops", tasks="val", episodes=episodes, temperature=0.0)
    evaluate(config, EvalFolder(out / "random"), workers=workers, cache_dir=cache_dir)
    return out / "random"


def _written(path: Path, folders: Sequence[Path]) -> Path:
    from .compare import distinct
    from .run_report import evaluation_report, load_run

    return evaluation_report(distinct([load_run(folder) for folder in folders])).write(path)


def measure(report: Path, repeats: int) -> dict[str, Any]:
    """Seconds until the first episode shows, over so many openings; and how large the report is.

    Raises:
        BrowserError, MissingDependency: There is no Chromium.
    """

    def open_all(browser: Browser) -> tuple[list[float], int]:
        times, count = [], 0
        for _ in range(repeats + 1):
            page = browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]
            began = time.perf_counter()
            page.goto(report.resolve().as_uri())
            page.wait_for_selector(READY)
            times.append(time.perf_counter() - began)
            count = page.locator("#list .row").count()
            page.close()
        return times[1:], count  # the first one starts Chromium's processes

    times, episodes = _chromium(open_all)
    return {
        "episodes": episodes,
        "megabytes": round(report.stat().st_size / 1e6, 2),
        "open_s": round(statistics.median(times), 3),
        "slowest_s": round(max(times), 3),
        "repeats": repeats,
    }


def pictures(report: Path, folder: Path) -> list[Path]:
    """The report's top, its viewer and two episodes side by side, in light and dark; PNG files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)

    def take(browser: Browser) -> list[Path]:
        found = []
        for theme in ("light", "dark"):
            page = browser.new_page(viewport=WINDOW, color_scheme=theme)  # type: ignore[arg-type]
            page.goto(report.resolve().as_uri())
            page.wait_for_selector(READY)
            for name in _scenes(page):
                found.append(folder / f"{name}_{theme}.png")
                page.screenshot(path=found[-1], full_page=name == "report")
            page.close()
        return found

    return _chromium(take)


def _scenes(page: Page) -> Iterator[str]:
    """Brings one view after another on screen, each by its name."""
    # Rows out of sight are not drawn, but the picture is of the whole page.
    page.add_style_tag(content=".row { content-visibility: visible }")
    yield "report"
    page.evaluate("document.getElementById('trajectories').scrollIntoView({behavior: 'instant'})")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    yield "viewer"
    page.keyboard.press("c")
    page.wait_for_timeout(400)
    if page.locator(".panel").count() == 2:
        yield "compare"


def _chromium(act: Any) -> Any:
    from webarena_gym.engines.chromium import shared_chromium

    return shared_chromium(resolver_rules="", headless=True, images=True).call(act, timeout_s=300)
