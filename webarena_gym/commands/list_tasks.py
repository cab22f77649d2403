"""``webarena-gym list``: the official tasks, and whether this installation can serve them."""

from __future__ import annotations

import argparse

HELP = "list the official tasks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from ..registration import SITE_IDS

    parser.add_argument("--site", choices=SITE_IDS, default=None, help="only this site's tasks")
    parser.add_argument("--ids", action="store_true", help="print ids alone, one a line")


def run(args: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from ..sites.registry import BASE_URLS, PLACEHOLDERS, available_sites
    from ..tasks.catalog import belongs
    from ..tasks.official import load_official_tasks

    base_urls = {PLACEHOLDERS[name]: url for name, url in BASE_URLS.items()}
    tasks = [task for task in load_official_tasks(base_urls) if belongs(task, args.site)]
    if args.ids:
        print("\n".join(str(task.task_id) for task in tasks))
        return 0
    served = set(available_sites())
    table = Table("id", "sites", "scored by", "intent", title=f"{len(tasks)} tasks")
    for task in tasks:
        kinds = [kind for kind in ("strings", "urls", "html") if getattr(task.spec, kind)]
        missing = "" if served.issuperset(task.sites) else " (not embedded yet)"
        table.add_row(str(task.task_id), "+".join(task.sites) + missing, ", ".join(kinds), task.intent)
    Console().print(table)
    return 0
