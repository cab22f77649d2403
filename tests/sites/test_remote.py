"""Where remote sites are: what the WA_* variables may hold."""

from __future__ import annotations

import pytest

from webarena_gym.config import EnvConfig
from webarena_gym.sites.remote import RemoteConfig, sign_in_of

ADMIN = {"WA_SHOPPING_ADMIN": "http://host:7780/admin/", "WA_FULL_RESET": "http://host:7565/"}


def test_addresses_come_from_the_variables_without_their_slash() -> None:
    config = RemoteConfig.from_environment(ADMIN, attempts=2)
    assert (config.base_urls, config.full_reset, config.attempts) == (
        {"shopping_admin": "http://host:7780/admin"}, "http://host:7565", 2,
    )  # fmt: skip
    [site] = config.sites
    assert (site.name, site.origin) == ("shopping_admin", "http://host:7780")


def test_sign_in_pages_lie_below_the_address() -> None:
    [site] = RemoteConfig.from_environment(ADMIN).sites
    sign_in = sign_in_of(site)
    assert sign_in is not None
    assert (sign_in.url, sign_in.check_url) == ("http://host:7780/admin", "http://host:7780/admin/dashboard")
    assert "admin1234" not in repr(sign_in)


@pytest.mark.parametrize(
    ("environ", "settings", "words"),
    [
        ({}, {}, "WA_SHOPPING, .* none is set"),
        ({"WA_MAP": "localhost:3000"}, {}, "WA_MAP is an address such as"),
        ({"WA_MAP": "http://user:pw@host"}, {}, "WA_MAP is an address"),
        ({"WA_MAP": "ftp://host"}, {}, "WA_MAP is an address"),
        ({"WA_MAP": "http://host"}, {"reset": "always"}, "WA_FULL_RESET"),
        ({"WA_MAP": "http://host"}, {"reset": "sometimes"}, "changed"),
        ({"WA_MAP": "http://host"}, {"attempts": 0}, "attempts is at least 1"),
        ({"WA_MAP": "http://host"}, {"episode_limit_s": 0}, "episode_limit_s is greater than 0"),
        ({"WA_MAP": "http://host"}, {"backoff_s": -1}, "negative"),
    ],
)
def test_what_cannot_be_is_refused(environ: dict[str, str], settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        RemoteConfig.from_environment(environ, **settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"scoring": "hardened"}, "cannot read"),
        ({"tasks": "train"}, "generated tasks"),
        ({"tasks": ("find_price-000001",)}, "generated tasks"),
        ({"scale": 2.0}, "leave it out"),
    ],
)
def test_what_needs_the_sites_tables_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        EnvConfig(sites="remote", **settings)  # type: ignore[arg-type]
