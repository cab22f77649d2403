"""Memory between pages: kept on glibc, left alone elsewhere and where the user has decided."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

# Page faults of reading pages of two megabytes one after the other, as a parser does: many blocks, all freed at the end.
PAGES = """
import ctypes, resource
from webarena_gym.engines.heap import keep_freed_memory
kept = keep_freed_memory()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]

def page():
    blocks = [libc.malloc(20_000) for _ in range(100)]
    for block in blocks:
        ctypes.memset(block, 1, 20_000)
    for block in blocks:
        libc.free(block)

for _ in range(5):
    page()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    page()
print(kept, (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20)
"""


def faults(**variables: str) -> tuple[bool, float]:
    """Whether memory is kept, and page faults a page, in a process with these environment variables."""
    kept, count = subprocess.run(
        [sys.executable, "-c", PAGES], env={**os.environ, **variables}, capture_output=True, text=True, check=True
    ).stdout.split()  # fmt: skip
    return kept == "True", float(count)


def test_memory_of_a_page_is_there_for_the_next_on_glibc():
    kept, count = faults()
    if platform.libc_ver()[0] != "glibc":
        assert not kept
        return
    assert kept and count < 20
    _, given_back = faults(MALLOC_TRIM_THRESHOLD_="100000")
    assert given_back > 300  # two megabytes are 500 pages of 4 kB


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"])
def test_what_the_user_has_set_is_left_alone(name):
    assert faults(**{name: "100000"})[0] is False
    assert faults(GLIBC_TUNABLES="glibc.malloc.trim_threshold=100000")[0] is False
