"""No link of any page leads nowhere, for members, strangers and guests."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.walks import SITEMAPS

from .visitor import ORIGIN, Visitor

# Pages whose menus are opened too.
_MENUS = ("main", "new", "requests", "user", "sort", "visibility", "author", "ref", "add", "clone", "notifications", "actions", "code", "delete", "project", "history")  # fmt: skip
_FOLLOWED = {"small": 1, "full": 40}  # addresses of one shape that are tried


def _shape(path: str) -> str:
    """An address without what differs from row to row."""
    path = re.sub(r"[0-9a-f]{40}", "SHA", path)
    path = re.sub(
        r"^/(?!-|dashboard|explore|search|help|projects|groups|users)[\w.-]+(/[\w.-]+)?(?=/|$|\?)", "/P", path
    )
    return (
        re.sub(r"\d+|(?<=/(blob|tree)/)[^?]+|(?<=name\[\]=)[^&]+", "N", re.sub(r"^/users/[\w.-]+", "/users/U", path))
        if "blob" not in path and "tree" not in path
        else "/P/file"
    )


def _links(html: str, page: str) -> list[str]:
    tree = LexborHTMLParser(html)
    addresses = [node.attributes.get("href") or "" for node in tree.css("a[href]")]
    for form in tree.css("form"):
        if (form.attributes.get("method") or "get") == "get":
            addresses.append(form.attributes.get("action") or "")
    whole = [urlsplit(urljoin(ORIGIN + page, address)) for address in addresses if address]
    return [
        part.path + (f"?{part.query}" if part.query else "") for part in whole if part.netloc == urlsplit(ORIGIN).netloc
    ]


@pytest.mark.parametrize("user", ["byteblaze", "vinta", None])
def test_every_link_leads_to_a_page(world, user: str | None, full_size: bool):
    visitor = Visitor(world, user)
    client = visitor.engine.client()
    most = _FOLLOWED["full" if full_size else "small"]
    pages = [path for path in SITEMAPS["gitlab"] if client.get(ORIGIN + path).status == 200]
    pages += [f"{path}{'&' if '?' in path else '?'}open={menu}" for path in ("/", "/explore", "/a11yproject/a11yproject.com", "/byteblaze/dotfiles/-/commits/main",
              "/byteblaze/dotfiles/-/blob/main/README.md", "/a11yproject/a11yproject.com/-/issues/1478", "/a11yproject/a11yproject.com/-/merge_requests/1071",
              "/a11yproject/a11yproject.com/-/issues", "/dashboard/issues?assignee_username=byteblaze") for menu in _MENUS]  # fmt: skip
    tried: dict[str, set[str]] = {}
    broken = []
    for page in pages:
        for link in _links(client.get(ORIGIN + page).text, page):
            seen = tried.setdefault(_shape(link), set())
            if link not in seen and len(seen) < most:
                seen.add(link)
                if client.get(ORIGIN + link).status != 200:
                    broken.append(f"{page} -> {link}")
    assert broken == []
    assert len(tried) > 40
