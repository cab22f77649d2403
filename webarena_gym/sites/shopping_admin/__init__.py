"""The Magento admin of WebArena's clothing store, with that store's own small front at the root of its origin.

``SITE`` is what the framework asks for. Its state is ``store``, its pages are ``routes``; what the real admin's scripts do,
forms and links do here, and the requests of those scripts are recorded as events. Where it differs from the real one:

- What a click opens in place (a section of the menu, filters, columns, a row's "Select", a question) is the same page with a
  parameter (``menu``, ``open``), which is no event. A page that changes nothing keeps the real address.
- A product's variants put together in the wizard wait in the address of its form (``variants``) until it is saved; taking one
  off or disabling it is done at once. All sections of the form are open.
- The specified statuses of a report are always shown; statistics are never out of date.
- The storefront shows goods, reviews and pages, and takes reviews; it has no cart and no accounts. Of the HTML in texts it
  keeps a few tags (``markup``) and shows the rest as text.

Not covered: emails, pictures, prices of rules in orders made by hand, stores beside the one, changing settings, rules, tax,
users and attribute sets (their pages list them), and what other services would show.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .build import build
from .routes.common import ORIGIN, SESSION_COOKIE
from .store import AdminStore


def sign_in(store: AdminStore) -> Mapping[str, str]:
    """A session of the one user, who may do everything."""
    return {SESSION_COOKIE: store.open_session(int(store.setting("user_id")))}


# Not the user's doing, or only a way to look: how grids were left, what visitors searched for and looked at.
SITE = Site(
    name="shopping_admin", origin=ORIGIN, base_url=f"{ORIGIN}/admin", folder=FOLDER, app=app, build=build, store=AdminStore,
    sign_in=sign_in, incidental_tables=frozenset({"grid_bookmark", "product_view", "search_term"}),
)  # fmt: skip
