"""A visitor of the shop for tests: Emma, or a guest."""

from __future__ import annotations

from tests.sites.reader import Reader
from webarena_gym.engines.base import Engine
from webarena_gym.sites.shopping.store import ShopStore
from webarena_gym.sites.world import World

ORIGIN = "http://shopping.test"


class Shopper(Reader):
    """``signed_in`` starts as Emma, otherwise as a guest without a session."""

    def __init__(self, world: World, *, signed_in: bool = True, engine: Engine | None = None) -> None:
        super().__init__(world, ORIGIN, world.sign_in("shopping") if signed_in else None, engine=engine)

    @property
    def store(self) -> ShopStore:
        return self.world.store("shopping")

    def messages(self) -> list[str]:
        """What stands below the page's alert, if it has one."""
        lines = self.text.split("\n")
        if "alert:" not in lines:
            return []
        start = lines.index("alert:") + 1
        end = next((i for i in range(start, len(lines)) if lines[i].startswith(("#", "["))), len(lines))
        return lines[start:end]

    # --- shortcuts ---

    def product_url(self, fact: str) -> str:
        product = self.store.catalogue.product_by_fact(fact)
        assert product is not None
        return product.card.url

    def buy(self, fact: str) -> Shopper:
        """Put a product into the cart from its own page."""
        self.open(self.product_url(fact)).press("Add to Cart")
        return self

    def _is_a_file(self) -> bool:
        return self.url.split("?")[0].endswith((".svg", ".css", ".ico"))
