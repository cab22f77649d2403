"""webarena-verified's questions about GitLab: closed issues, and projects by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..gitlab.issues import show_label
from ..gitlab.pages import most_stars, open_listed, open_menu, open_tab, read_pages, read_projects
from ..screen import Oracle, Screen, stop, stop_with


def closed_issues(screen: Screen, *, right: bool = True) -> Iterator[str]:
    """25: a project's closed issues with a label. The near miss shows the open ones."""
    path, topic = screen.parts_of_intent(r"issues in the (\S+) repository that have labels related to (\w+)")
    yield from show_label(screen, path, topic)
    if right:
        yield from open_tab(screen, "Closed")
    yield stop()


def most_starred(screen: Screen) -> Iterator[str]:
    """43: the ids of those of one's own projects that have the most stars."""
    yield from open_menu(screen, "@")
    yield from open_tab(screen, "Personal projects")
    found = most_stars((yield from read_pages(screen, read_projects)))
    ids = []
    for project in (one for one in found if one.stars == found[0].stars):
        yield from open_listed(screen, project)
        ids.append(int(screen.find(r"Project ID: (\d+)")[1]))
    yield stop_with(ids)


ORACLES: dict[int, Oracle] = {25: closed_issues, 43: most_starred}
NEAR_MISSES: dict[int, Oracle] = {25: partial(closed_issues, right=False)}
