"""How an env is set up: one frozen record, checked where it is made and written beside every result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from .registration import SITE_IDS
from .types import EngineName, ObservationMode, Scoring

RenderMode = Literal["ansi", "rgb_array", "human"]
SiteSource = Literal["embedded", "remote"]
TaskSelection = str | tuple[int | str, ...]

SPLITS = ("test", "train", "val", "heldout")
MIN_OBS_CHARS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvConfig:
    """The arguments of ``WebArenaEnv``, checked."""

    site: str | None = None
    """One of the ids' sites, or None for all 165 tasks."""
    tasks: TaskSelection = "test"
    """"test" (official), "train", "val" or "heldout" (generated), or a tuple of task ids."""
    engine: EngineName = "http"
    sites: SiteSource = "embedded"
    """"embedded", or "remote": served elsewhere, at the ``WA_*`` addresses."""
    scoring: Scoring = "lite"
    observation: ObservationMode = "text"
    max_obs_chars: int = 8000
    """Characters of one part of a page; longer pages are paged. The header comes on top."""
    max_steps: int = 30
    """Actions after which the env truncates."""
    scale: float = 1.0
    """Multiplies the generated part of the embedded sites' data."""
    render_mode: RenderMode | None = None

    def __post_init__(self) -> None:
        if self.site is not None and self.site not in SITE_IDS:
            raise ValueError(f"site is one of {', '.join(SITE_IDS)} or None, got {self.site!r}")
        if isinstance(self.tasks, str) and self.tasks not in SPLITS:
            raise ValueError(f"tasks is one of {', '.join(SPLITS)} or a list of task ids, got {self.tasks!r}")
        if not isinstance(self.tasks, str) and not self.tasks:
            raise ValueError("tasks is an empty list; name at least one task id")
        for name, value, allowed in (
            ("engine", self.engine, get_args(EngineName)),
            ("sites", self.sites, get_args(SiteSource)),
            ("scoring", self.scoring, get_args(Scoring)),
            ("observation", self.observation, get_args(ObservationMode)),
            ("render_mode", self.render_mode, (None, *get_args(RenderMode))),
        ):
            if value not in allowed:
                raise ValueError(f"{name} is one of {', '.join(map(str, allowed))}, got {value!r}")
        if self.sites == "remote":
            self._check_remote()
        if self.render_mode in ("rgb_array", "human") and self.engine != "browser":
            raise ValueError(f"render_mode={self.render_mode!r} needs engine='browser'; the http engine draws nothing")
        if self.max_obs_chars < MIN_OBS_CHARS:
            raise ValueError(f"max_obs_chars is at least {MIN_OBS_CHARS}, got {self.max_obs_chars}")
        if self.max_steps < 1:
            raise ValueError(f"max_steps is at least 1, got {self.max_steps}")
        if not 0 < self.scale <= 50:
            raise ValueError(f"scale lies between 0 and 50, got {self.scale}")

    def _check_remote(self) -> None:
        """What needs the sites' tables, or their code, cannot be had where only pages are seen."""
        if self.scoring == "hardened":
            raise ValueError(
                "scoring='hardened' compares the sites' tables, which sites='remote' cannot read; use lite or strict"
            )
        ids = () if isinstance(self.tasks, str) else self.tasks
        if self.tasks in ("train", "val", "heldout") or any(isinstance(task_id, str) for task_id in ids):
            raise ValueError(
                "generated tasks are made from the sites' data, which sites='remote' cannot read; use tasks='test'"
            )
        if self.scale != 1.0:
            raise ValueError(
                f"scale multiplies the embedded sites' data; with sites='remote' leave it out, got {self.scale}"
            )


def task_selection(tasks: str | Sequence[int | str]) -> TaskSelection:
    """A split's name as it is, a list of ids as a tuple."""
    return tasks if isinstance(tasks, str) else tuple(tasks)
