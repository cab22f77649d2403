"""A report: one HTML file with tables, charts and a trajectory viewer, which opens from ``file://`` and loads nothing.

Everything that an episode holds is data, shown as text: the page's content security policy runs this package's own script
alone, and recorded pages stand in frames without scripts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from .charts import Chart
from .viewer_data import Run, viewer_data

_SCRIPTS = ("store.js", "timeline.js", "panel.js", "viewer.js")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of texts under ``columns``. Columns whose name ends in a space are set to the right, as numbers are."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    marked: Sequence[int] = ()
    """Rows to set apart, such as totals or other people's figures."""

    def to_text(self) -> Any:
        """The same for a terminal, as rich renders it."""
        from rich.table import Table as RichTable
        from rich.text import Text

        table = RichTable(title=self.caption or None, title_justify="left", title_style="bold")
        for column in self.columns:
            table.add_column(Text(column.strip()), justify="right" if column.endswith(" ") else "left")
        for row in self.rows:
            table.add_row(*(Text(cell) for cell in row))
        return table

    def to_markdown(self) -> str:
        """The same for a README."""
        rows = [self.columns, ["---:" if column.endswith(" ") else "---" for column in self.columns], *self.rows]
        return "\n".join("| " + " | ".join(cell.strip().replace("|", "\\|") for cell in row) + " |" for row in rows)


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of a report: tables, then paragraphs about them, then charts."""

    title: str
    text: Sequence[str] = ()
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report says. ``figures`` are the few numbers to see first: (number, what it is, tone)."""

    title: str
    subtitle: str = ""
    figures: Sequence[tuple[str, str, Literal["", "good", "bad"]]] = ()
    sections: Sequence[Section] = ()
    runs: Sequence[Run] = ()
    machine: Mapping[str, Any] = field(default_factory=dict)
    references: Mapping[int | str, Sequence[Any]] = field(default_factory=dict)
    """Successful trajectories by task, to find key decision steps with."""

    def to_html(self) -> str:
        """The whole file."""
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup

        templates = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                                loader=FunctionLoader(lambda name: _asset("templates", name)))  # fmt: skip
        script = "\n".join(_asset("static", name) for name in _SCRIPTS)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        data = viewer_data(self.runs, references=self.references) if self.runs else None
        return templates.get_template("report.html").render(
            report=self,
            style=Markup(_asset("static", "report.css")),
            script=Markup(script),
            script_hash=digest,
            data=None if data is None else Markup(_inert(data)),
            episode_count=0 if data is None else len(data["episodes"]),
            markup=Markup,
        )

    def write(self, path: Path) -> Path:
        """Write the file, and its charts as PNG and SVG beside it in ``charts/``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.to_html(), encoding="utf-8")
        for section in self.sections:
            for chart in section.charts:
                chart.save(path.parent / "charts")
        return path


def _asset(folder: str, name: str) -> str:
    return files(__package__).joinpath(folder, name).read_text(encoding="utf-8")


def _inert(data: Any) -> str:
    """JSON that no HTML parser takes for markup."""
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")
