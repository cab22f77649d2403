"""``url_match``: the page stood on at the stop.

Source: WebArena-Lite's ``URLEvaluator`` with its rule "GOLD in PRED": host and path of one reference are contained in those
of the page, and for each query key of any reference the page has one of the values that the references give it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import parse_qs, urlparse

from ..types import CheckResult


def address_parts(url: str) -> tuple[str, dict[str, list[str]]]:
    """Host and path of an address, and its decoded query values. Slashes at the end of the whole address do not count."""
    parsed = urlparse(url.rstrip("/"))
    return parsed.netloc + parsed.path, parse_qs(parsed.query)


def wanted_query(references: Sequence[str]) -> dict[str, set[str]]:
    """For each query key of the references, the values that will do."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        for key, values in address_parts(reference)[1].items():
            wanted[key].update(values)
    return wanted


def path_matches(references: Sequence[str], url: str) -> bool:
    path, _ = address_parts(url)
    return any(address_parts(reference)[0] in path for reference in references)


def query_matches(key: str, values: set[str], url: str) -> bool:
    _, query = address_parts(url)
    return not values.isdisjoint(query.get(key, []))


def check_url(references: Sequence[str], url: str) -> list[CheckResult]:
    """One result for host and path, and one for each query key."""
    shown = " or ".join(references)
    results = [CheckResult("url_match", path_matches(references, url), f"{url} against the path of {shown}")]
    for key, values in wanted_query(references).items():
        detail = f"{url} against {key}={' or '.join(sorted(values))}"
        results.append(CheckResult("url_match", query_matches(key, values, url), detail))
    return results
