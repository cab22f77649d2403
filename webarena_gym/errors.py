"""Every error this package raises on purpose, named by whose move comes next.

WebArenaGymError
├── ActionError                the policy's mistake: costs a step, explained in the next observation
│   ├── ActionSyntaxError      the text is no action
│   ├── ElementNotFound        no element with that id on the page
│   ├── ElementNotActionable   the element is there but does not take this action
│   └── NavigationRefused      the address lies outside the task's sites
├── InfraError                 nobody's action: the episode is truncated and masked, never scored 0
│   ├── SiteError              a site answered with a failure of its own
│   ├── BrowserError           Chromium died, hung or could not be driven
│   └── JudgeError             a judge gave no verdict
├── UnknownTask                (ValueError) no task with that id
├── SiteNotAvailable           (ValueError) a task needs a site that cannot be served here
├── TaskDataError              the installed task file is missing or not the expected one
├── CacheError                 the site image could not be built, read or locked
└── MissingDependency          (ImportError) an optional package is needed; names the extra
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class WebArenaGymError(Exception):
    """Base of every error raised on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Unpickled the usual way, a class is called with its message alone, and one that takes more fails: a worker's error
        # would look like the worker's death to whoever reads it.
        return _unpickled, (type(self), self.args, self.__dict__)


def _unpickled(kind: type[WebArenaGymError], args: tuple[Any, ...], state: dict[str, Any]) -> WebArenaGymError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class ActionError(WebArenaGymError):
    """The policy asked for something the page cannot do. The page stays as it is."""


class ActionSyntaxError(ActionError):
    """The action text does not parse."""


class ElementNotFound(ActionError):
    """The action names an element id that the current page does not have."""

    def __init__(self, element_id: int, url: str, element_count: int) -> None:
        self.element_id, self.url, self.element_count = element_id, url, element_count
        super().__init__(
            f"no element [{element_id}] among the {element_count} on this page; use an id from the newest observation"
        )


class ElementNotActionable(ActionError):
    """The element exists but does not take this action, say a fill on a link."""


class NavigationRefused(ActionError):
    """The address lies outside the sites of the task."""

    def __init__(self, url: str, allowed: Sequence[str]) -> None:
        self.url, self.allowed = url, tuple(allowed)
        shown = url if len(url) <= 120 else url[:117] + "..."
        super().__init__(f"{shown!r} is outside the task's sites; stay on {', '.join(allowed)}")


class InfraError(WebArenaGymError):
    """Something under the episode failed: the site, the browser, a judge. Never a reward to learn from."""


class SiteError(InfraError):
    """A site answered with a failure of its own, such as HTTP 500."""


class BrowserError(InfraError):
    """Chromium could not be started, died, or did not answer in time."""


class JudgeError(InfraError):
    """A judge was asked and gave no verdict."""


class UnknownTask(WebArenaGymError, ValueError):
    """No task with that id in the selected set."""


class SiteNotAvailable(WebArenaGymError, ValueError):
    """A task needs a site that this installation cannot serve."""


class TaskDataError(WebArenaGymError):
    """The installed task file is missing, unreadable, or not the one the override table was written for."""


class CacheError(WebArenaGymError):
    """A site image could not be built, read or locked in the cache folder."""


class MissingDependency(WebArenaGymError, ImportError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"{purpose} needs {package}; install it with: pip install 'webarena-gym[{extra}]'")
