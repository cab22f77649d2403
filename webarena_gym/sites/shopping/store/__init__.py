"""The shop's state: one small class a subject, all over the episode's one connection."""

from __future__ import annotations

import sqlite3

from ...base import BaseStore
from .cart import Carts
from .catalogue import Catalogue
from .compare import Comparison
from .customers import Customers
from .orders import Orders
from .reviews import Reviews
from .search import Search
from .wishlist import WishLists


class ShopStore(BaseStore):
    """What handlers, oracles' predicates and tests read and change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.catalogue = Catalogue(connection)
        self.search = Search(connection)
        self.reviews = Reviews(connection)
        self.customers = Customers(connection)
        self.carts = Carts(connection)
        self.orders = Orders(connection)
        self.wishlists = WishLists(connection)
        self.comparison = Comparison(connection)

    def add_contact_message(self, name: str, email: str, telephone: str, comment: str) -> None:
        self.connection.execute(
            "INSERT INTO contact_message (name, email, telephone, comment, created_at) VALUES (?, ?, ?, ?, ?)",
            (name, email, telephone, comment, self.timestamp()),
        )


__all__ = ["ShopStore"]
