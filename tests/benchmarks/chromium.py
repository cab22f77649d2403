"""Runs a function on a page of the process's Chromium, with everything that could go wrong there collected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from webarena_gym.engines.chromium import shared_chromium

T = TypeVar("T")


def on_page(path: Path, act: Callable[[Any], T], *, dark: bool = False, fragment: str = "") -> tuple[T, list[str]]:
    """What ``act(page)`` returns on the opened file, and every request beyond the file, script error and console message."""
    trouble: list[str] = []

    def open_and_act(browser: Any) -> T:
        page = browser.new_page(viewport={"width": 1500, "height": 1000}, color_scheme="dark" if dark else "light")
        page.on(
            "request", lambda request: trouble.append(request.url) if request.url != path.as_uri() + fragment else None
        )
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        try:
            page.goto(path.as_uri() + fragment)
            page.wait_for_function(
                "!document.getElementById('data') || document.querySelector('.text, .empty:not(:empty)')"
            )
            return act(page)
        finally:
            page.close()

    return shared_chromium(resolver_rules="", headless=True, images=False).call(open_and_act), trouble
