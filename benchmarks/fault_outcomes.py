"""What became of runs that faults struck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one run that was struck."""

    fault: str
    run: str
    number: int
    struck: bool
    planned: int
    hit: int
    """Episodes recorded as infrastructure errors."""
    retried: int
    """Episodes played again, counted each time."""
    different: int
    """Episodes recorded that were not hit and are not what the undisturbed run recorded."""
    lost: int
    """Planned and not recorded."""
    twice: int
    """Recorded more than once."""
    seconds: float

    def violations(self) -> list[str]:
        """What is not as it should be, in words."""
        name = f"{self.fault}, {self.run} {self.number}"
        found = [
            f"{name}: {count} {what}"
            for count, what in ((self.different, "differ"), (self.lost, "lost"), (self.twice, "twice"))
            if count
        ]
        return found if self.struck else [*found, f"{name}: the run ended before the fault struck"]


@dataclass(frozen=True)
class Row:
    """All strikes of one fault at one kind of run, added up."""

    fault: str
    run: str
    runs: int
    planned: int
    hit: int
    retried: int
    different: int
    lost: int
    twice: int


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """One for each fault and kind of run, in the order they came."""
    keys = dict.fromkeys((o.fault, o.run) for o in outcomes)
    found = []
    for fault, kind in keys:
        these = [o for o in outcomes if (o.fault, o.run) == (fault, kind)]
        names = ("planned", "hit", "retried", "different", "lost", "twice")
        found.append(Row(fault, kind, len(these), *(sum(getattr(o, name) for o in these) for name in names)))
    return found


def to_text(outcomes: Sequence[Outcome]) -> str:
    """One line a fault and kind of run."""
    return "\n".join(
        f"{row.fault}, {row.run}: {row.runs} runs finished, {row.planned} episodes planned; {row.hit} marked as infrastructure errors, "
        f"{row.retried} played again; {row.different} differ, {row.lost} lost, {row.twice} twice"
        for row in rows(outcomes)
    )
