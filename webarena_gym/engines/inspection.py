"""A look at sites that are served elsewhere, before episodes depend on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from ..errors import InfraError, NavigationRefused
from ..sites.registry import BASE_URLS
from ..sites.remote import RESET_VARIABLE, RemoteConfig, RemoteSite, SignIn, sign_in_of, variable
from ..types import SiteName
from .base import EpisodeStart
from .client import CookieJar
from .remote_client import RemoteClient
from .remote_http import RemoteHttpEngine
from .remote_world import READY, RemoteWorld
from .sessions import asks_to_sign_in

Status = Literal["ok", "warning", "failed"]
# What a site without accounts is known by; the others by their sign-in form.
_MARKS: dict[SiteName, str] = {"map": "openstreetmap", "wikipedia": "wikipedia|kiwix", "homepage": "wikipedia"}


class Finding(NamedTuple):
    """One thing that was looked at, and what was found."""

    what: str
    status: Status
    detail: str


def inspect_sites(config: RemoteConfig) -> Iterator[Finding]:
    """Every site's address, whether the right site is there and lets its user in, and the reset server. Resets nothing."""
    config = replace(config, attempts=min(config.attempts, 2), reset="never")
    world = RemoteWorld(config)
    try:
        for name in BASE_URLS:
            site = next((site for site in config.sites if site.name == name), None)
            if site is None:
                yield Finding(variable(name), "warning", "not set: tasks of this site cannot be played")
            else:
                yield from _inspect_site(site, world)
        yield _inspect_reset(config, world)
    finally:
        world.close()


def _inspect_site(site: RemoteSite, world: RemoteWorld) -> Iterator[Finding]:
    what = variable(site.name)
    sharing = [other.name for other in world.sites if other.origin == site.origin and other.name != site.name]
    if sharing:
        yield Finding(what, "failed", f"{site.origin} is {' and '.join(map(variable, sharing))}, too")
        return
    try:
        reply = RemoteClient(world.transport, CookieJar(), (site.origin,)).send("GET", site.base_url)
    except NavigationRefused as error:
        yield Finding(what, "failed", f"{site.base_url} redirects to {error.url}; put that host into {what}")
        return
    except InfraError as error:
        yield Finding(what, "failed", str(error))
        return
    if reply.status >= 400:
        yield Finding(what, "failed", f"{site.base_url} answers with HTTP {reply.status}")
        return
    sign_in = sign_in_of(site)
    if sign_in is None:
        found = re.search(_MARKS[site.name], reply.text, re.IGNORECASE) is not None
        yield (
            Finding(what, "ok", site.base_url)
            if found
            else Finding(what, "failed", f"{site.base_url} is {_title(reply.text)!r}, not the {site.name} site")
        )
        return
    yield from _inspect_sign_in(what, site, sign_in, world)


def _inspect_sign_in(what: str, site: RemoteSite, sign_in: SignIn, world: RemoteWorld) -> Iterator[Finding]:
    try:
        page = RemoteClient(world.transport, CookieJar(), (site.origin,)).send("GET", sign_in.url)
        if not asks_to_sign_in(page.text, sign_in):
            yield Finding(what, "failed", f"{sign_in.url} is {_title(page.text)!r} without {site.name}'s sign-in form")
            return
        yield Finding(what, "ok", site.base_url)
        RemoteHttpEngine(world).reset(EpisodeStart((), (site.origin,), sign_ins=(sign_in,)))
    except (InfraError, NavigationRefused) as error:
        yield Finding(f"{what} sign-in", "failed", str(error))
    else:
        yield Finding(f"{what} sign-in", "ok", sign_in.username)


def _inspect_reset(config: RemoteConfig, world: RemoteWorld) -> Finding:
    if not config.full_reset:
        return Finding(RESET_VARIABLE, "warning", "not set: episodes meet what earlier ones changed")
    try:
        reply = world.transport.exchange("GET", f"{config.full_reset}/status", {})
    except InfraError as error:
        return Finding(RESET_VARIABLE, "failed", str(error))
    said = reply.body.decode("utf-8", "replace").strip()
    if reply.status == 200 and said == READY:
        return Finding(RESET_VARIABLE, "ok", f"{config.full_reset}: {said}")
    return Finding(
        RESET_VARIABLE, "failed", f"{config.full_reset}/status answers with HTTP {reply.status}: {said[:80]!r}"
    )


def _title(html: str) -> str:
    title = LexborHTMLParser(html).css_first("title")
    return "" if title is None else title.text().strip()[:80]
