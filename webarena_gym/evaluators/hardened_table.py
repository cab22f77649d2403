"""What each task may change and must show beyond the official rules, read from ``hardened_<site>.json``.

A file maps task ids to entries; an entry has any of these:

- ``changes``: the rows that the task may change, a list of rules (``ChangeRule``). A task without it may change none.
- ``page``: a regular expression for path and query of the page to stop on.
- ``html``: further page checks, as ``HtmlCheck`` has them.
- ``looked``: false where the answer needs no look at the task's waypoints, true where it does; by default an answer that may
  be blurted out does ("N/A", "yes", "0").

The entry ``any`` holds ``changes`` that every task of the site may make. A task of several sites stands in the file of one.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..tasks.official import with_base_urls
from ..tasks.schema import EvalSpec, HtmlCheck, Task
from ..types import CheckResult, RowChange

_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """Rows that may change: a table as ``site.table``, the kind of change, and how many, fewest and most.

    An update may touch ``columns`` alone; with ``where`` each column of the row (after the change, or the deleted row) has
    one of the values named.
    """

    table: str
    kind: str
    rows: tuple[int, int] = (1, 1)
    columns: frozenset[str] = frozenset()
    where: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in ("inserted", "deleted", "updated"):
            raise ValueError(f"kind is inserted, deleted or updated, got {self.kind!r}")
        if (self.kind == "updated") != bool(self.columns):
            raise ValueError(f"{self.table}: an update names the columns it may touch, other changes name none")
        if self.table.count(".") != 1:
            raise ValueError(f"a table is named with its site, such as shopping.review, got {self.table!r}")

    def fits(self, change: RowChange) -> bool:
        row = change.after or change.before
        return (
            (f"{change.site}.{change.table}", change.kind) == (self.table, self.kind)
            and (self.kind != "updated" or change.columns <= self.columns)
            and all(row.get(column) in values for column, values in self.where.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task's entry."""

    changes: tuple[ChangeRule, ...] = ()
    page: str = ""
    html: tuple[HtmlCheck, ...] = ()
    looked: bool | None = None


def entry_of(task: Task, base_urls: Mapping[str, str]) -> Entry:
    """The entry of a task, with what every task of its sites may change; addresses as ``base_urls`` has them."""
    everywhere = tuple(rule for site in task.sites for rule in _file(site).get(_ANY, Entry()).changes)
    found = next((_file(site)[key] for site in task.sites if (key := str(task.task_id)) in _file(site)), Entry())
    checked = with_base_urls(
        Task(task_id=0, sites=(), intent="", start_urls=(), spec=EvalSpec(html=found.html)), base_urls
    )
    return Entry(changes=(*found.changes, *everywhere), page=found.page, html=checked.spec.html, looked=found.looked)


def check_changes(changes: Collection[RowChange], rules: Sequence[ChangeRule]) -> CheckResult:
    """Whether every change is allowed, and each rule has as many as it wants. The first rule that fits takes a change."""
    counts = dict.fromkeys(range(len(rules)), 0)
    for change in changes:
        place = next((i for i, rule in enumerate(rules) if rule.fits(change)), None)
        if place is None:
            return _changes(False, f"{change.site}.{change.table}: a row was {change.kind}, which nobody asked for")
        counts[place] += 1
    for place, rule in enumerate(rules):
        fewest, most = rule.rows
        if not fewest <= counts[place] <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            return _changes(
                False, f"{rule.table}: {counts[place]} rows of the kind wanted were {rule.kind}, {wanted} should be"
            )
    return _changes(True, f"{len(changes)} rows changed, as the task asks for")


def _changes(passed: bool, detail: str) -> CheckResult:
    return CheckResult("hardened: changes", passed, detail)


@functools.cache
def _file(site: str) -> Mapping[str, Entry]:
    path = importlib.resources.files(__package__).joinpath(f"hardened_{site}.json")
    if not path.is_file():
        return {}
    return {key: _entry(value) for key, value in json.loads(path.read_text("utf-8")).items() if key != "about"}


def _entry(raw: Mapping[str, Any]) -> Entry:
    unknown = set(raw) - {"changes", "page", "html", "looked", "why"}
    if unknown:
        raise ValueError(f"an entry has changes, page, html, looked and why, got {', '.join(sorted(unknown))}")
    return Entry(
        changes=tuple(map(_rule, raw.get("changes", ()))),
        page=raw.get("page", ""),
        html=tuple(HtmlCheck(**{**check, "references": tuple(check["references"])}) for check in raw.get("html", ())),
        looked=raw.get("looked"),
    )


def _rule(raw: Mapping[str, Any]) -> ChangeRule:
    rows = raw.get("rows", 1)
    where = {column: value if isinstance(value, list) else [value] for column, value in raw.get("where", {}).items()}
    return ChangeRule(
        table=raw["table"],
        kind=raw["kind"],
        rows=(rows, rows) if isinstance(rows, int) else tuple(rows),
        columns=frozenset(raw.get("columns", ())),
        where=where,
    )
