"""The way from one site of a task to another: the home page that links to all of them."""

from __future__ import annotations

import re

from .screen import Finding, Screen, first, goto

_ELSEWHERE = "http://example.com/"


def visit(screen: Screen, site: str) -> Finding[str]:
    """Open another site by its name on the home page; returns the address that was left.

    The home page's own address is the last of those named where one outside the task's sites is refused.
    """
    left = screen.url
    yield goto(_ELSEWHERE)
    named = re.findall(r"https?://[^\s,/]+", screen.error.rpartition("sites;")[2])
    yield goto(first(reversed(named), "home page"))
    yield screen.click("link", site)
    return left
