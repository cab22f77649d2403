"""How a run goes: steps a second, the share of infrastructure errors, and where its time went."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class RunMetrics:
    """Counts and seconds since it was made. Those of several workers add up with ``add``."""

    steps: int = 0
    """Env steps."""
    episodes: int = 0
    """Episodes that ended, those with infrastructure errors among them."""
    infra_errors: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by phase, such as reset, env, policy and learn. Phases of several workers overlap."""
    began: float = field(default_factory=time.perf_counter)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what runs in this context as time of phase ``name``."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def ended(self, infra_error: str | None) -> None:
        """An episode ended."""
        self.episodes += 1
        self.infra_errors += infra_error is not None

    def add(self, other: RunMetrics) -> None:
        """Count what another worker did, too."""
        self.steps += other.steps
        self.episodes += other.episodes
        self.infra_errors += other.infra_errors
        for name, seconds in other.seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    @property
    def wall_s(self) -> float:
        return time.perf_counter() - self.began

    @property
    def steps_per_s(self) -> float:
        return self.steps / max(self.wall_s, 1e-9)

    @property
    def infra_error_rate(self) -> float:
        """Infrastructure errors over episodes; 0 before the first."""
        return self.infra_errors / self.episodes if self.episodes else 0.0

    def shares(self) -> dict[str, float]:
        """The share of each phase in the time of all phases; they add up to 1."""
        total = sum(self.seconds.values())
        return {name: seconds / total for name, seconds in sorted(self.seconds.items())} if total else {}

    def to_json(self) -> dict[str, Any]:
        """For logs and files."""
        return {
            "steps": self.steps,
            "episodes": self.episodes,
            "infra_errors": self.infra_errors,
            "infra_error_rate": round(self.infra_error_rate, 4),
            "wall_s": round(self.wall_s, 1),
            "steps_per_s": round(self.steps_per_s, 1),
            "seconds": {name: round(seconds, 2) for name, seconds in sorted(self.seconds.items())},
        }

    def to_text(self) -> str:
        """One line for people.

        >>> metrics = RunMetrics(steps=30, episodes=4, infra_errors=1, seconds={"env": 3.0, "policy": 1.0})
        >>> metrics.to_text().split(", ", 1)[1]
        '30 steps, 4 episodes, 25.0% infrastructure errors; time: env 75%, policy 25%'
        """
        times = ", ".join(f"{name} {share:.0%}" for name, share in self.shares().items())
        return (
            f"{self.steps_per_s:.1f} steps a second, {self.steps} steps, {self.episodes} episodes, "
            f"{self.infra_error_rate:.1%} infrastructure errors" + (f"; time: {times}" if times else "")
        )
