"""The admin's state: one small class a subject, all over the episode's one connection."""

from __future__ import annotations

import sqlite3

from ...base import BaseStore
from .categories import Categories
from .content import Content
from .customers import Customers
from .documents import Documents
from .grids import Grids
from .marketing import Reviews, SearchTerms
from .orders import Orders
from .placing import Placing
from .products import Attributes, Products
from .refused import Refused
from .reports import Reports
from .users import AdminUsers, Bookmarks


class AdminStore(BaseStore):
    """What handlers, oracles' predicates and tests read and change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.users = AdminUsers(connection)
        self.bookmarks = Bookmarks(connection)
        self.grids = Grids(connection)
        self.orders = Orders(connection)
        self.documents = Documents(connection, self.orders)
        self.placing = Placing(connection)
        self.customers = Customers(connection)
        self.products = Products(connection)
        self.attributes = Attributes(connection)
        self.categories = Categories(connection)
        self.reviews = Reviews(connection)
        self.search_terms = SearchTerms(connection)
        self.content = Content(connection)
        self.reports = Reports(connection)


__all__ = ["AdminStore", "Refused"]
