"""``webarena-gym bench fidelity``: how much of a real page's chrome a replica's page shows, by role and name.

A recording lists the (role, name) pairs of a real page in document order. The replica's page of the same type is opened in
Chromium, its accessibility tree (Playwright's ``aria_snapshot``) reduced to such pairs, content dropped from both sides by
``fidelity_rules.json``, and what remains compared as multisets: F1 for a whole recording, recall for a partial one, the best
recording of each page type, the mean over page types. A page type that the replica lacks counts 0.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .result_file import write_result

HELP = "compare a replica's pages with recordings of the real site"

Pair = tuple[str, str]

# Roles that recordings list; others, such as paragraph or list, are no chrome.
ROLES = frozenset(
    "banner button checkbox columnheader combobox complementary contentinfo heading img link listbox main menuitem navigation "
    "option radio search searchbox spinbutton switch tab table textbox".split()
)
# A page with such a link was recorded by a guest.
GUEST_LINKS = frozenset({"log in", "sign in", "sign up"})
_LINE = re.compile(r"\s*- (?:'(?P<quoted>(?:[^']|'')*)'|(?P<plain>.*))", re.S)
_HEAD = re.compile(r'([a-z]+)(?: ("(?:[^"\\]|\\.)*"))?')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--site", required=True)
    parser.add_argument("--recordings", type=Path, required=True, help="JSON Lines file of recordings")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--show", action="store_true", help="list what is missing and what is extra on each page")
    parser.add_argument("--cache-dir", default=None)


def run(args: argparse.Namespace) -> int:
    recordings = [json.loads(line) for line in args.recordings.read_text(encoding="utf-8").splitlines() if line.strip()]
    scores = measure(args.site, [r for r in recordings if r["site"] == args.site], cache_dir=args.cache_dir)
    print_scores(args.site, scores, show=args.show)
    if args.json:
        write_result(args.json, [vars_of(score) for score in scores])
    return 0


@dataclass(frozen=True, slots=True)
class PageScore:
    """The best recording of a page type. ``score`` is an F1, or a recall where the recording is partial."""

    page_type: str
    path: str
    score: float
    precision: float
    recall: float
    complete: bool
    missing: tuple[Pair, ...]
    extra: tuple[Pair, ...]


def rules() -> dict[str, Any]:
    """The committed rules: what is content, and which page stands for which page type."""
    return json.loads(files("webarena_gym.benchmarks").joinpath("fidelity_rules.json").read_text(encoding="utf-8"))


def reduce_pairs(pairs: Iterable[Sequence[str]], site: str, rulebook: Mapping[str, Any]) -> Counter[Pair]:
    """The chrome among the pairs, synonyms folded.

    >>> book = {"fold_roles": {"image": "img"}, "rewrite": [["\\\\d+", "0"]], "drop_names_over": 20, "sites": {"s": {"drop": [["^link$", "^/f/"]]}}}
    >>> sorted(reduce_pairs([("link", "/f/news"), ("image", "Logo"), ("link", "12 Reviews")], "s", book))
    [('img', 'logo'), ('link', '0 reviews')]
    """
    kept: Counter[Pair] = Counter()
    in_select = False
    for role, name in pairs:
        role = rulebook["fold_roles"].get(role, role)
        if role == "menuitem" and in_select:
            role = "option"  # an older Chromium's word for a select's options
        in_select = role == "option" or role in ("combobox", "listbox")
        name = name.lower()
        for pattern, replacement in (*rulebook["rewrite"], *rulebook["sites"][site].get("rewrite", ())):
            name = re.sub(pattern, replacement, name)
        name = " ".join(name.split())
        dropped = any(re.search(r, role) and re.search(n, name) for r, n in rulebook["sites"][site]["drop"])
        if not dropped and len(name) <= rulebook["drop_names_over"]:
            kept[role, name] += 1
    return kept


def snapshot_pairs(snapshot: str) -> list[Pair]:
    """The pairs of an ``aria_snapshot``, in document order, landmarks and column headers among them."""
    pairs = []
    for line in snapshot.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        found = _HEAD.match(match["plain"] if match["quoted"] is None else match["quoted"].replace("''", "'"))
        if found and found[1] in ROLES:
            pairs.append((found[1], json.loads(found[2]) if found[2] else ""))
    return pairs


def compare(recorded: Counter[Pair], shown: Counter[Pair]) -> tuple[float, float]:
    """(precision, recall) of what the replica shows."""
    common = (recorded & shown).total()
    return common / max(1, shown.total()), common / max(1, recorded.total())


def measure(site: str, recordings: Sequence[Mapping[str, Any]], *, cache_dir: str | None = None) -> list[PageScore]:
    """The score of every page type among the recordings."""
    rulebook = rules()
    by_type: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for recording in recordings:
        by_type[recording["page_type"]].append(recording)
    replica = Replica(site, rulebook, cache_dir)
    try:
        scores = []
        for page_type, group in by_type.items():
            candidates = [_score(replica, page_type, recording, site, rulebook) for recording in group]
            scores.append(max(candidates, key=lambda score: score.score))
        return scores
    finally:
        replica.close()


def _score(
    replica: Replica, page_type: str, recording: Mapping[str, Any], site: str, rulebook: Mapping[str, Any]
) -> PageScore:
    recorded = reduce_pairs(recording["elements"], site, rulebook)
    best = PageScore(page_type, "", 0.0, 0.0, 0.0, bool(recording["complete"]), tuple(recorded.elements()), ())
    signed_in = not any(role == "link" and name.lower() in GUEST_LINKS for role, name in recording["elements"])
    for path in replica.paths(page_type, recording.get("url") or ""):
        pairs = replica.pairs(page_type, path, signed_in=signed_in)
        if pairs is None:
            continue
        shown = reduce_pairs(pairs, site, rulebook)
        precision, recall = compare(recorded, shown)
        both = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        score = both if recording["complete"] else recall
        if score > best.score:
            missing, extra = tuple((recorded - shown).elements()), tuple((shown - recorded).elements())
            best = PageScore(page_type, path, score, precision, recall, bool(recording["complete"]), missing, extra)
    return best


class Replica:
    """The embedded site in Chromium."""

    def __init__(self, site: str, rulebook: Mapping[str, Any], cache_dir: str | None) -> None:
        from ..engines.browser import BrowserEngine
        from ..sites.base import BuildOptions
        from ..sites.registry import get_site
        from ..sites.world import World
        from ..tasks.official import quoted_references

        self._site, self._rules = get_site(site), rulebook["sites"][site]
        options = BuildOptions(references=quoted_references())
        self._world = World([self._site.name], options=options, cache_dir=Path(cache_dir) if cache_dir else None)
        self._engine = BrowserEngine(self._world)

    def paths(self, page_type: str, url: str) -> list[str]:
        """The recording's own address first, then the page that the rules name."""
        own = urlsplit(url if "://" in url else "http://host" + url)
        own_path = own.path + (f"?{own.query}" if own.query else "")
        named = self._rules["paths"].get(page_type)
        return list(dict.fromkeys(path for path in (own_path if url else None, named) if path))

    def pairs(self, page_type: str, path: str, *, signed_in: bool = True) -> list[Pair] | None:
        """What the page shows; None if the replica has no such page."""
        from ..actions import Click, Goto
        from ..engines.base import Cookie, EpisodeStart
        from ..errors import ActionError

        self._world.reset()
        origin = self._site.origin
        session = self._world.sign_in(self._site.name) if signed_in else {}
        cookies = tuple(Cookie(origin, key, value) for key, value in session.items())
        self._engine.reset(EpisodeStart((self._site.base_url,), (origin,), cookies))
        try:
            if page_type in self._rules.get("before", {}):
                first, role, name = self._rules["before"][page_type]
                self._engine.execute(Goto(origin + first))
                nodes = self._engine.page().nodes
                self._engine.execute(Click(next(n.id for n in nodes if n.id and (n.role, n.name) == (role, name))))
            self._engine.execute(Goto(origin + path))
        except ActionError:
            return None
        if self._engine.client().get(origin + path).status >= 400 and page_type != "not_found":
            return None
        return snapshot_pairs(self._engine.aria_snapshot())

    def close(self) -> None:
        self._engine.close()
        self._world.close()


def vars_of(score: PageScore) -> dict[str, Any]:
    return {name: getattr(score, name) for name in score.__slots__}


def print_scores(site: str, scores: Sequence[PageScore], *, show: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("page type", "page", "score", "precision", "recall", "recording", title=f"fidelity of {site}")
    for s in scores:
        table.add_row(
            s.page_type,
            s.path or "(none)",
            f"{s.score:.3f}",
            f"{s.precision:.3f}",
            f"{s.recall:.3f}",
            "whole" if s.complete else "partial",
        )
    console = Console()
    console.print(table)
    if show:
        for s in scores:
            console.print(
                f"{s.page_type}\n  missing: {list(s.missing)}\n  extra: {list(s.extra)}", markup=False, highlight=False
            )
    print(
        f"fidelity {site}: mean {sum(s.score for s in scores) / max(1, len(scores)):.3f} over {len(scores)} page types"
    )
