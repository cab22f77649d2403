"""What lists of issues and merge requests are narrowed and sorted by, in addresses and in words typed into the filter bar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from ..store import GitLabStore
from ..store.issuables import ISSUE, IssuableQuery
from .common import PER_PAGE, argument, with_query

# Name of an order: (descending, ascending) as the address spells them.
ISSUE_SORTS = {
    "Priority": ("priority_desc", "priority"), "Created date": ("created_date", "created_asc"), "Updated date": ("updated_desc", "updated_asc"),
    "Closed date": ("closed_at_desc", "closed_at_asc"), "Milestone due date": ("milestone_due_desc", "milestone"), "Due date": ("due_date_desc", "due_date"),
    "Popularity": ("popularity", "popularity_asc"), "Label priority": ("label_priority_desc", "label_priority"), "Title": ("title_desc", "title_asc"),
}  # fmt: skip
REQUEST_SORTS = {
    "Priority": ("priority_desc", "priority"), "Created date": ("created_date", "created_asc"), "Updated date": ("updated_desc", "updated_asc"),
    "Milestone due date": ("milestone_due_desc", "milestone"), "Popularity": ("popularity", "popularity_asc"), "Label priority": ("label_priority_desc", "label_priority"),
    "Merged date": ("merged_at_desc", "merged_at_asc"), "Closed date": ("closed_at_desc", "closed_at_asc"), "Title": ("title_desc", "title_asc"),
}  # fmt: skip
_FIRST_ASCENDING = frozenset({"Priority", "Milestone due date", "Due date", "Label priority", "Title"})
# Field of the query: (name of the parameter, name on the page).
_PEOPLE = (
    ("author", "author_username", "Author"),
    ("assignee", "assignee_username", "Assignee"),
    ("reviewer", "reviewer_username", "Reviewer"),
)
_REST = (("milestone", "milestone_title", "Milestone"), ("confidential", "confidential", "Confidential"), ("draft", "draft", "Draft"),
         ("source_branch", "source_branch", "Source branch"), ("target_branch", "target_branch", "Target branch"))  # fmt: skip
# "label:question", "author = @x", "~question"
_TYPED = re.compile(
    r"(?P<key>author|assignee|reviewer|label|milestone|confidential|draft)\s*(?::=?|=)\s*(?P<value>~?\"[^\"]*\"|\S+)|(?<!\S)~(?P<label>\"[^\"]+\"|[\w-]+)",
    re.I,
)
_MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class Token:
    """A filter in force: what it says, and the address of the list without it."""

    text: str
    without: str


def canonical_sort(sort: str) -> str:
    return "created_date" if sort == "created_desc" else sort


def sort_of(sorts: dict[str, tuple[str, str]], default: str) -> str:
    """The order that the address asks for."""
    wanted = canonical_sort(request.args.get("sort", default))
    return wanted if any(wanted in pair for pair in sorts.values()) else default


def sort_context(sorts: dict[str, tuple[str, str]], sort: str) -> dict[str, object]:
    """For the template: name and direction of the order, and addresses of the others."""
    name, pair = next((name, pair) for name, pair in sorts.items() if sort in pair)
    ascending = sort == pair[1]
    links = [
        (other, with_query(sort=keys[1] if other in _FIRST_ASCENDING else keys[0])) for other, keys in sorts.items()
    ]
    return {
        "sort_name": name,
        "ascending": ascending,
        "turned": with_query(sort=pair[0] if ascending else pair[1]),
        "sort_links": links,
    }


def read_query(store: GitLabStore, kind: int, me: int | None, *, project_id: int | None = None, default_sort: str = "created_date", states: tuple[str, ...]) -> IssuableQuery:  # fmt: skip
    """What the address asks for."""
    sorts = ISSUE_SORTS if kind == ISSUE else REQUEST_SORTS
    state = request.args.get("state", "opened")
    labels = [
        name for name in (*request.args.getlist("label_name[]"), *request.args.getlist("label_name")) if name.strip()
    ]
    people = {field: _username(store, argument(parameter, 100)) for field, parameter, _ in _PEOPLE}
    for field, _, _ in _PEOPLE:
        if not people[field]:
            people[field] = _by_id(store, request.args.get(f"{field}_id", ""))
    rest = {field: argument(parameter, 100) for field, parameter, _ in _REST}
    return IssuableQuery(
        me=me or 0, kind=kind, project_id=project_id, state=state if state in states else "opened", sort=sort_of(sorts, default_sort),
        text=argument("search", 200), labels=tuple(dict.fromkeys(labels))[:_MOST_LABELS], **people, **rest,
    )  # fmt: skip


def _username(store: GitLabStore, text: str) -> str:
    """A username as the address or the filter bar has it; the full name of somebody will do."""
    text = text.removeprefix("@")
    if not text or text.lower() in ("none", "any") or store.people.by_username(text) is not None:
        return text
    count, found = store.people.search(text, 2)
    return found[0].username if count == 1 else text


def _by_id(store: GitLabStore, text: str) -> str:
    person = store.people.by_id(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return person.username if person else ""


def typed_filters(text: str) -> tuple[str, dict[str, list[str]]]:
    """Filters typed as words into the search box: (what is left to search for, parameters).

    >>> typed_filters('crash label:question author:@ada ~"help wanted"')
    ('crash', {'label_name[]': ['question', 'help wanted'], 'author_username': ['ada']})
    """
    found: dict[str, list[str]] = {}
    names = {field: parameter for field, parameter, _ in (*_PEOPLE, *_REST)}
    for match in _TYPED.finditer(text):
        key = (match["key"] or "label").lower()
        value = (match["value"] or match["label"]).strip('~@"').strip()
        if value:
            found.setdefault("label_name[]" if key == "label" else names[key], []).append(value)
    return " ".join(_TYPED.sub(" ", text).split()), found


def tokens(store: GitLabStore, query: IssuableQuery) -> list[Token]:
    """The filters in force but for the text, in the order the filter bar shows them."""
    shown = []
    for field, parameter, name in _PEOPLE:
        if value := getattr(query, field):
            person = store.people.by_username(value)
            shown.append(
                Token(
                    f"{name} = {person.name if person else value}", with_query(**{parameter: None, f"{field}_id": None})
                )
            )
    for field, parameter, name in _REST:
        if value := getattr(query, field):
            shown.append(Token(f"{name} = {value}", with_query(**{parameter: None})))
    for label in query.labels:
        others = [("label_name[]", other) for other in query.labels if other != label]
        rest = with_query(**{"label_name[]": None, "label_name": None})
        shown.append(Token(f"Label = {label}", rest + ("&" if "?" in rest else "?") * bool(others) + urlencode(others)))
    return shown


def canonical_list(base: str, query: IssuableQuery) -> str:
    """The address that the real list writes after filtering."""
    pairs = [("sort", query.sort), ("state", query.state)]
    pairs += [("search", query.text)] if query.text else []
    pairs += [(parameter, value) for field, parameter, _ in (*_PEOPLE, *_REST) if (value := getattr(query, field))]
    pairs += [("label_name[]", label) for label in query.labels]
    pairs.append(("first_page_size", str(PER_PAGE)))
    return f"{base}?{urlencode(pairs)}"
