"""Which sites this installation can serve, by name. A site's package is imported when it is first needed."""

from __future__ import annotations

import functools
import importlib

from ..errors import SiteNotAvailable
from ..types import SiteName
from .base import Site

_PACKAGES: dict[str, str] = {
    "shopping": "webarena_gym.sites.shopping",
    "gitlab": "webarena_gym.sites.gitlab",
    "reddit": "webarena_gym.sites.reddit",
    "shopping_admin": "webarena_gym.sites.shopping_admin",
    "map": "webarena_gym.sites.map",
    "wikipedia": "webarena_gym.sites.wikipedia",
    "homepage": "webarena_gym.sites.homepage",
}
PLACEHOLDERS: dict[SiteName, str] = {
    "shopping": "__SHOPPING__",
    "shopping_admin": "__SHOPPING_ADMIN__",
    "reddit": "__REDDIT__",
    "gitlab": "__GITLAB__",
    "map": "__MAP__",
    "wikipedia": "__WIKIPEDIA__",
    "homepage": "__HOMEPAGE__",
}
# The embedded sites' fixed addresses: what their placeholders stand for, whatever port serves them.
BASE_URLS: dict[SiteName, str] = {
    "shopping": "http://shopping.test",
    "shopping_admin": "http://admin.test/admin",
    "reddit": "http://reddit.test",
    "gitlab": "http://gitlab.test",
    "map": "http://map.test",
    "wikipedia": "http://wikipedia.test/wikipedia_en_all_maxi_2022-05/A/User:The_other_Kiwix_guy/Landing",
    "homepage": "http://homepage.test",
}


def available_sites() -> tuple[str, ...]:
    return tuple(_PACKAGES)


@functools.cache
def get_site(name: str) -> Site:
    """The site of this name.

    Raises:
        SiteNotAvailable: no such site, or none embedded yet.
    """
    if name not in BASE_URLS:
        raise SiteNotAvailable(f"there is no site {name!r}; the sites are {', '.join(BASE_URLS)}")
    if name not in _PACKAGES:
        raise SiteNotAvailable(
            f"the site {name!r} has no embedded replica in this version (embedded: {', '.join(_PACKAGES)}); "
            "choose tasks of those sites, or serve the real one and pass sites='remote'"
        )
    return importlib.import_module(_PACKAGES[name]).SITE
