"""``webarena-gym doctor``: what a run needs, looked at before the run. Changes nothing on any site."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..engines.inspection import Finding

HELP = "check the installation, and the sites at the WA_* addresses, before a run"
# Packages by the extra that brings them; without an extra all runs need them.
PACKAGES = {
    "gymnasium": "", "flask": "", "selectolax": "", "webarena-verified": "", "playwright": "browser", "urllib3": "remote",
    "torch": "llm", "transformers": "llm", "stable-baselines3": "sb3",
}  # fmt: skip
MIN_FREE_MB = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-sites", action="store_true", help="leave the WA_* addresses out")
    parser.add_argument("--cache-dir", default=None, help="folder for site images (default: the user's cache folder)")


def run(args: argparse.Namespace) -> int:
    from pathlib import Path

    found = [
        *inspect_packages(),
        inspect_tasks(),
        inspect_chromium(),
        inspect_cache(Path(args.cache_dir) if args.cache_dir else None),
    ]
    if not args.no_sites:
        found += inspect_remote(os.environ)
    return report(found)


def inspect_packages() -> Iterator[Finding]:
    """Python, and each package's version; a missing one is named with its extra."""
    from importlib.metadata import PackageNotFoundError, version

    from .. import __version__
    from ..engines.inspection import Finding

    yield Finding("webarena-gym", "ok", f"{__version__} on Python {sys.version.split()[0]}")
    for name, extra in PACKAGES.items():
        try:
            yield Finding(name, "ok", version(name))
        except PackageNotFoundError:
            install = f"pip install 'webarena-gym{f'[{extra}]' if extra else ''}'"
            yield Finding(name, "warning" if extra else "failed", f"not installed: {install}")


def inspect_tasks() -> Finding:
    from ..engines.inspection import Finding
    from ..errors import TaskDataError
    from ..tasks.official import load_official_tasks

    try:
        return Finding("official tasks", "ok", f"{len(load_official_tasks())}")
    except TaskDataError as error:
        return Finding("official tasks", "failed", str(error))


def inspect_chromium() -> Finding:
    """Whether Chromium can be started; the http engine does without."""
    from ..engines.chromium import Chromium
    from ..engines.inspection import Finding
    from ..errors import BrowserError, MissingDependency

    try:
        chromium = Chromium(resolver_rules="MAP * ~NOTFOUND")
        try:
            return Finding("Chromium", "ok", chromium.call(lambda browser: browser.version))
        finally:
            chromium.close()
    except (BrowserError, MissingDependency) as error:
        return Finding("Chromium", "warning", f"engine='browser' cannot run: {error}")


def inspect_cache(folder: object) -> Finding:
    """Whether site images can be kept where they are to be kept."""
    import shutil
    import tempfile
    from pathlib import Path

    from ..engines.inspection import Finding
    from ..sites.image import default_cache_dir

    path = folder if isinstance(folder, Path) else default_cache_dir()
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path):
            pass
    except OSError as error:
        return Finding("cache folder", "failed", f"{path} cannot be written: {error}")
    images, free_mb = len(list(path.glob("*.sqlite"))), shutil.disk_usage(path).free // 2**20
    detail = f"{path}: {images} site images, {free_mb} MB free"
    return Finding("cache folder", "ok" if free_mb >= MIN_FREE_MB else "warning", detail)


def inspect_remote(environ: Mapping[str, str]) -> Iterator[Finding]:
    """The sites that ``environ`` names; if it names none, that the embedded ones are used."""
    from ..engines.inspection import Finding, inspect_sites
    from ..errors import MissingDependency
    from ..sites.registry import BASE_URLS
    from ..sites.remote import RemoteConfig, variable

    if not any(environ.get(variable(name)) for name in BASE_URLS):
        yield Finding("WA_* variables", "ok", "none is set: sites='embedded' needs none, sites='remote' does")
        return
    try:
        yield from inspect_sites(RemoteConfig.from_environment(environ))
    except (ValueError, MissingDependency) as error:
        yield Finding("WA_* variables", "failed", str(error))


def report(found: Sequence[Finding]) -> int:
    """Print a table; the exit status is 1 if something failed. Warnings are no failure."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    colours = {"ok": "green", "warning": "yellow", "failed": "red"}
    table = Table("what", "status", "found", show_lines=False)
    for finding in found:
        table.add_row(Text(finding.what), Text(finding.status, style=colours[finding.status]), Text(finding.detail))
    Console().print(table)
    failed = sum(finding.status == "failed" for finding in found)
    warnings = sum(finding.status == "warning" for finding in found)
    print(f"doctor: {failed} failed, {warnings} warnings, {len(found) - failed - warnings} ok")
    return 1 if failed else 0
