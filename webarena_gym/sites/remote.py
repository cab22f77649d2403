"""Sites that are served elsewhere: their addresses, how their users sign in, and how gently they are asked.

The addresses are WebArena's variables (``WA_SHOPPING`` ...). Recipes for signing in follow what libwebarena and BrowserGym do
on the official instances: fields by label, a button by its words, and a page that only the signed-in user sees to check by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import ada_url

from ..types import SiteName
from .registry import BASE_URLS

RESET_VARIABLE = "WA_FULL_RESET"


def variable(name: SiteName) -> str:
    """The environment variable that holds a site's address.

    >>> variable("shopping_admin")
    'WA_SHOPPING_ADMIN'
    """
    return f"WA_{name.upper()}"


class RemoteSite(NamedTuple):
    """A site's name and where it answers; ``base_url`` is what the tasks' placeholder stands for."""

    name: SiteName
    origin: str
    base_url: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a site's user signs in, and how to tell that he has to.

    ``user_label``, ``password_label`` and ``button`` are words in the accessible names of the form at ``url``.
    ``check_url`` is for the signed-in user alone: a guest is shown a form with the field ``form_field`` in its place.
    ``guest_words`` name links and buttons that pages offer guests alone. ``sign_out`` are parts of paths that end a session
    on purpose.
    """

    site: SiteName
    url: str
    check_url: str
    user_label: str
    password_label: str
    button: str
    form_field: str
    guest_words: tuple[str, ...]
    sign_out: tuple[str, ...]
    username: str
    password: str = field(repr=False)

    @property
    def origin(self) -> str:
        return origin_of(self.url)


class _Recipe(NamedTuple):
    """``SignIn`` with paths after the site's base address."""

    path: str
    check_path: str
    user_label: str
    form_field: str
    guest_words: tuple[str, ...]
    sign_out: tuple[str, ...]
    username: str
    password: str


# The accounts are WebArena's, known to everybody.
_RECIPES: dict[SiteName, _Recipe] = {
    "shopping": _Recipe(
        "/customer/account/login/", "/customer/account/", "email", "login[username]", ("sign in",), ("/account/logout",),
        "emma.lopez@gmail.com", "Password.123",
    ),
    "shopping_admin": _Recipe(
        "", "/dashboard", "username", "login[username]", ("sign in",), ("/auth/logout",), "admin", "admin1234"
    ),
    "reddit": _Recipe(
        "/login", "/user/MarvelsGrantMan136/account", "username", "_username", ("log in",), ("/log_out", "/logout"),
        "MarvelsGrantMan136", "test1234",
    ),
    "gitlab": _Recipe(
        "/users/sign_in", "/-/profile", "username or email", "user[login]", ("sign in", "sign in / register"), ("/users/sign_out",),
        "byteblaze", "hello1234",
    ),
}  # fmt: skip
_BUTTONS: dict[SiteName, str] = {"reddit": "log in"}  # the others: "sign in"


def sign_in_of(site: RemoteSite) -> SignIn | None:
    """How the site's user signs in; None for a site without accounts."""
    recipe = _RECIPES.get(site.name)
    if recipe is None:
        return None
    return SignIn(
        site.name, site.base_url + recipe.path, site.base_url + recipe.check_path, recipe.user_label, "password",
        _BUTTONS.get(site.name, "sign in"), recipe.form_field, recipe.guest_words, recipe.sign_out, recipe.username,
        recipe.password,
    )  # fmt: skip


def origin_of(url: str) -> str:
    return ada_url.URL(url).origin


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteConfig:
    """Where the sites are and how they are asked.

    Raises:
        ValueError: an address is none, or a number is out of range; says which.
    """

    base_urls: Mapping[SiteName, str]
    """Each site's address without a slash at its end: what its ``WA_*`` variable holds."""
    full_reset: str = ""
    """Address of WebArena's reset server (``GET /reset``, ``GET /status``); empty if there is none."""
    reset: Literal["changed", "always", "never"] = "changed"
    """When a new episode resets the sites: "changed" if an earlier one sent anything but GET requests."""
    request_timeout_s: float = 30.0
    """For one answer, from the request to its last byte."""
    reset_timeout_s: float = 1200.0
    """For a full reset; the official instances take 200 to 500 s."""
    reset_poll_s: float = 2.0
    """Between two questions whether the reset is done."""
    attempts: int = 4
    """Of a request that changes nothing (GET, HEAD), when the connection breaks or the site answers 429, 500, 502, 503, 504."""
    backoff_s: float = 0.25
    """Pause before the second attempt; it doubles each time."""
    requests_per_s: float = math.inf
    """For each site, all tabs and evaluators of one env together."""
    episode_limit_s: float = 900.0
    """Time that sites and browser may take of one episode; beyond it the episode is cut off as an infrastructure error."""
    settle_s: float = 10.0
    """Browser: how long a page may go on loading and changing after an action before it is shown as it is."""
    max_body_bytes: int = 32 << 20
    """Of one answer; larger ones fail."""

    def __post_init__(self) -> None:
        for name, url in self.base_urls.items():
            if name not in BASE_URLS:
                raise ValueError(f"there is no site {name!r}; the sites are {', '.join(BASE_URLS)}")
            _require_address(variable(name), url)
        if self.full_reset:
            _require_address(RESET_VARIABLE, self.full_reset)
        if self.reset not in ("changed", "always", "never"):
            raise ValueError(f'reset is "changed", "always" or "never", got {self.reset!r}')
        if self.reset == "always" and not self.full_reset:
            raise ValueError(f'reset="always" needs the address of the reset server; set {RESET_VARIABLE}')
        if self.attempts < 1:
            raise ValueError(f"attempts is at least 1, got {self.attempts}")
        for name in (
            "request_timeout_s",
            "reset_timeout_s",
            "requests_per_s",
            "episode_limit_s",
            "settle_s",
            "max_body_bytes",
        ):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is greater than 0, got {getattr(self, name)}")
        if self.backoff_s < 0 or self.reset_poll_s < 0:
            raise ValueError(f"pauses cannot be negative, got {self.backoff_s} and {self.reset_poll_s}")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **settings: object) -> RemoteConfig:
        """The sites that ``WA_*`` variables name; ``settings`` are further fields.

        Raises:
            ValueError: no variable is set, or one holds no address.
        """
        base_urls: dict[SiteName, str] = {
            name: environ[variable(name)].rstrip("/") for name in BASE_URLS if environ.get(variable(name))
        }
        if not base_urls:
            wanted = ", ".join(map(variable, BASE_URLS))
            raise ValueError(
                f"sites='remote' reads the sites' addresses from {wanted}, and none is set; see docs/remote.md"
            )
        return cls(base_urls=base_urls, full_reset=environ.get(RESET_VARIABLE, "").rstrip("/"), **settings)  # type: ignore[arg-type]

    @property
    def sites(self) -> tuple[RemoteSite, ...]:
        """The sites that have an address, in a fixed order."""
        return tuple(
            RemoteSite(name, origin_of(self.base_urls[name]), self.base_urls[name])
            for name in BASE_URLS
            if name in self.base_urls
        )


def _require_address(name: str, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError(f"{name} is an address such as http://localhost:7770, got {url!r}")
    if url.endswith("/"):
        raise ValueError(f"{name} has no slash at its end, got {url!r}")
