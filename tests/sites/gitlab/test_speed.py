"""A step of the http engine in processor time: the best of several, as whatever else the machine does only adds to it."""

from __future__ import annotations

import time

import pytest

from webarena_gym.actions import Goto

from .visitor import A11Y, Visitor

HEAVY = (f"{A11Y}/-/commits/redesign?author=eric", f"{A11Y}/-/issues/?sort=title_asc&state=all&label_name[]=bug&first_page_size=20&open=filter", f"{A11Y}/-/commits/main")  # fmt: skip
LIGHT = ("/vinta", "/-/profile/status", "/users/byteblaze/following")


def _step_ms(byte: Visitor, path: str) -> float:
    times = []
    for _ in range(12):
        start = time.process_time()
        byte.engine.execute(Goto(path))
        assert byte.text
        times.append(1000 * (time.process_time() - start))
    return min(times)


@pytest.mark.parametrize("path", HEAVY)
def test_the_heaviest_pages_take_eight_milliseconds_at_most(byte: Visitor, path: str):
    assert _step_ms(byte, path) <= 8


@pytest.mark.parametrize("path", LIGHT)
def test_a_light_page_takes_three_milliseconds_at_most(byte: Visitor, path: str):
    assert _step_ms(byte, path) <= 3
