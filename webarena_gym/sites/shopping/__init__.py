"""One Stop Market: a replica of WebArena's storefront, a Magento shop. ``SITE`` is what the framework asks for.

Where it differs from the real shop, all for want of scripts:

- The menu shows the departments; the lower levels are links of the side bar to the categories' own pages, where the real
  side bar filters by ``cat`` and the real menu unfolds. A typed ``cat`` filters as there.
- "Sort By" and "Show" have a button beside them, and an address that spells out a default is redirected to the one without.
- All of a product's tabs are shown at once; further reviews are on a page of their own.
- The payment step is an address (``/checkout/?step=payment#payment``), not only a fragment.
- Forms stand for script calls, whose requests are recorded as events (``routes.common.script_call``).

Not covered: pictures (placeholders), the suggestions below the search box, the menu of the cart, gift messages, stored
payment methods, several addresses in one order, emails.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base import Site
from .app import FOLDER, app
from .builder import build
from .routes.common import ORIGIN, SESSION_COOKIE
from .store import ShopStore


def sign_in(store: ShopStore) -> Mapping[str, str]:
    """A session of Emma Lopez, the customer of all tasks."""
    return {SESSION_COOKIE: store.open_session(int(store.setting("customer_id")))}


SITE = Site(
    name="shopping", origin=ORIGIN, base_url=ORIGIN, folder=FOLDER, app=app, build=build, store=ShopStore, sign_in=sign_in,
    incidental_tables=frozenset({"search_term", "visit", "api_token"}),
)  # fmt: skip
