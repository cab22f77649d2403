"""The benchmark of heavy and light pages: which pages it opens."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from webarena_gym.benchmarks.pages import measure

from webarena_gym.env import WebArenaEnv


def test_every_site_has_heavy_and_light_pages_and_the_forum_long_discussions(cache_dir: Path):
    pages = measure(steps=1, cache_dir=str(cache_dir))["pages"]
    assert all(page["median_ms"] > 0 for page in pages)
    assert {(page["site"], page["kind"]) for page in pages} == {
        (site, kind)
        for site in ("shopping", "shopping_admin", "reddit", "gitlab", "map")
        for kind in ("heavy", "light")
    }
    env = WebArenaEnv("reddit", cache_dir=str(cache_dir))
    env.reset(seed=0)
    counts = Counter(
        row["submission_id"]
        for row in env.world.store("reddit").connection.execute("SELECT submission_id FROM comment")
    )
    env.close()
    opened = [int(found[1]) for page in pages if (found := re.match(r"/f/\w+/(\d+)/", page["path"]))]
    assert 300 <= min(counts[number] for number in opened) < 320
    assert max(counts[number] for number in opened) == max(counts.values())
