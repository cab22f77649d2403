"""Keeps the memory of one page in the process for the next.

glibc hands the end of its heap back to the system once some hundred kilobytes there are free. A page of a megabyte is then
asked back from the system with every step, page fault by page fault, or not, depending on what happens to lie behind it.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys

# Of glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_MOST_KEPT_BYTES = 32 << 20  # free memory at the end of the heap
# Larger blocks, such as a model's weights, come from the system and go back to it as before.
_MAPPED_FROM_BYTES = 4 << 20


@functools.cache
def keep_freed_memory() -> bool:
    """Set glibc's thresholds, once a process. False, and nothing done, with another C library or where the user has set one."""
    tunables = os.environ.get("GLIBC_TUNABLES", "")
    chosen = "glibc.malloc" in tunables or {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"} & os.environ.keys()
    if chosen or sys.platform != "linux":
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return False
    # Setting one of them ends glibc's own adjustment of both.
    mapped = library.mallopt(_M_MMAP_THRESHOLD, _MAPPED_FROM_BYTES)
    return bool(mapped and library.mallopt(_M_TRIM_THRESHOLD, _MOST_KEPT_BYTES))
