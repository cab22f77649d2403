"""What an env asks of its sites, for sites that are served elsewhere: reset between episodes, and what the policy sent."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

from ..errors import SiteError, SiteNotAvailable
from ..sites.remote import RESET_VARIABLE, RemoteConfig, RemoteSite, SignIn, sign_in_of
from ..types import NetworkEvent, RowChange, SiteName
from .transport import Traffic, Transport

READY = "Ready for duty!"
ALREADY_RESETTING = 418
log = logging.getLogger(__name__)


class RemoteWorld:
    """The real sites of one env: the counterpart of ``sites.world.World``.

    One instance of the sites belongs to one env at a time: all its visitors share carts, posts and resets.

    Raises:
        MissingDependency: urllib3 is not installed.
    """

    failure: BaseException | None = None  # a real site's failure is known by its answer alone

    def __init__(self, config: RemoteConfig) -> None:
        self.config = config
        self.transport = Transport(config)
        self.traffic = Traffic()
        self._writes_at_reset = -1  # nobody knows what the sites went through before
        self._warned = False

    @property
    def sites(self) -> tuple[RemoteSite, ...]:
        return self.config.sites

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(site.origin for site in self.sites)

    @property
    def events(self) -> list[NetworkEvent]:
        return self.traffic.events

    @property
    def revision(self) -> int:
        """Grows with every request of the policy that may have changed something."""
        return self.traffic.writes

    def changes(self) -> tuple[RowChange, ...]:
        """Nobody sees the tables of a real site.

        Raises:
            SiteNotAvailable: always.
        """
        raise SiteNotAvailable("the tables of real sites cannot be read; scoring='hardened' needs sites='embedded'")

    def store(self, name: SiteName) -> Any:
        """Raises SiteNotAvailable: a real site's data cannot be read."""
        raise SiteNotAvailable(
            f"the data of a real site cannot be read, asked for {name}; generated tasks need sites='embedded'"
        )

    def sign_in(self, name: SiteName) -> Mapping[str, str]:
        """No cookies to begin with: the user signs in by the site's form."""
        return {}

    def sign_in_form(self, name: SiteName) -> SignIn | None:
        return next((sign_in_of(site) for site in self.sites if site.name == name), None)

    def reset(self) -> None:
        """Put the sites back, if the config says so and an episode changed something.

        Raises:
            SiteError: the reset server failed, or was not done within ``reset_timeout_s``.
        """
        self.traffic.clear()
        changed = self.traffic.writes != self._writes_at_reset
        if self.config.reset == "never" or (self.config.reset == "changed" and not changed):
            return
        if not self.config.full_reset:
            if not self._warned:
                log.warning(
                    "the sites may have been changed, and %s is not set: later episodes meet what earlier ones did",
                    RESET_VARIABLE,
                )
                self._warned = True
            return
        self._full_reset()
        self._writes_at_reset = self.traffic.writes

    def _full_reset(self) -> None:
        deadline = time.monotonic() + self.config.reset_timeout_s
        status, body = self._ask("/reset")
        if status not in (200, ALREADY_RESETTING):
            raise SiteError(f"{self.config.full_reset}/reset answered with HTTP {status}: {body[:200]!r}")
        while True:
            status, body = self._ask("/status")
            if status == 200 and body.strip() == READY:
                return
            if time.monotonic() > deadline:
                raise SiteError(
                    f"the sites were not reset within {self.config.reset_timeout_s:g} s; "
                    f"{self.config.full_reset}/status says {body[:200]!r}"
                )
            time.sleep(self.config.reset_poll_s)

    def _ask(self, path: str) -> tuple[int, str]:
        reply = self.transport.exchange("GET", self.config.full_reset + path, {})
        return reply.status, reply.body.decode("utf-8", "replace")

    def close(self) -> None:
        self.transport.close()
