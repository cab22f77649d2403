"""Scoring: from a task and the end of an episode to a verdict with its reasons. See ``docs/scoring.md``."""

from __future__ import annotations

from .base import Evaluator, Judge, Question
from .build import SCORINGS, build_evaluator

__all__ = ["SCORINGS", "Evaluator", "Judge", "Question", "build_evaluator"]
