"""A search term's form."""

from __future__ import annotations

from flask import Response, request

from ...magento import text_field, to_int
from ..navigation import BASE
from ..store import AdminStore
from ..store.marketing import SearchTerm
from ..store.refused import Refused
from .common import Button, Question, Submit, back, for_admins, page

AT = f"{BASE}/search/term/index/"


def _url(term_id: int | None) -> str:
    return f"{BASE}/search/term/new/" if term_id is None else f"{BASE}/search/term/edit/id/{term_id}/"


@for_admins
def edit(store: AdminStore, term_id: int | None = None) -> Response:
    """GET /search/term/edit/id/<id>/ and /search/term/new/."""
    term = SearchTerm(0, "", 0, 0, "", 1, "") if term_id is None else store.search_terms.term(term_id)
    if term is None:
        return back(store, AT, "This search no longer exists.", "error")
    delete = Question("Are you sure you want to do this?", f"{BASE}/search/term/delete/id/{term.id}/")
    return page(
        store,
        "term.html",
        term.term or "New Search",
        at=AT,
        term=term,
        actions=(
            Button("Back", AT),
            Button("Reset", _url(term_id)),
            *((Button("Delete Search", opens="delete"),) if term.id else ()),
            Submit("Save Search", primary=True),
        ),
        question=delete if term.id and request.args.get("open") == "delete" else None,
    )


@for_admins
def save(store: AdminStore) -> Response:
    """POST /search/term/save/."""
    form = request.form
    term_id = to_int(form.get("query_id")) or None
    if term_id is not None and store.search_terms.term(term_id) is None:
        return back(store, AT, "This search no longer exists.", "error")
    try:
        store.search_terms.save(
            term_id,
            term=text_field("query_text", 128),
            uses=max(0, to_int(form.get("popularity"))),
            redirect=text_field("redirect"),
            is_suggested=form.get("display_in_terms") == "1",
            when=store.timestamp(),
        )
    except Refused as refused:
        return back(store, _url(term_id), str(refused), "error")
    return back(store, AT, "You saved the search term.")


@for_admins
def delete(store: AdminStore, term_id: int) -> Response:
    """POST /search/term/delete/id/<id>/."""
    if not store.search_terms.delete([term_id]):
        return back(store, AT, "We can't find a search term to delete.", "error")
    return back(store, AT, "You deleted the search.")
