"""Errands in the shop that end on a page: a category, a sorted list, a price range."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..oracles.screen import Screen, click, first, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_data import (
    category,
    category_count,
    connection,
    path_is,
    path_of,
    product,
    product_count,
    query_of,
    quoted,
    searched,
    shop_family,
)

Reached = Callable[[Progress], bool]

# How a list may be sorted: in words, and as the page's address has it.
_ORDERS = (
    ("price, cheapest first", "price", "asc"),
    ("price, dearest first", "price", "desc"),
    ("product name", "name", "asc"),
)


def _stopped(reached: Reached) -> Reached:
    return lambda progress: progress.answer is not None and reached(progress)


def _on_the_way(parameters: Parameters) -> list[MilestoneSpec]:
    """The pages of the categories from the department down."""
    names = ("department page", "section page")
    *above, last = parameters["paths"]
    found = [MilestoneSpec(name, path_is(path)) for name, path in zip(names, above, strict=False)]
    return [*found, MilestoneSpec("category page", path_is(last))]


def open_trail(screen: Screen) -> Iterator[str]:
    """Follow the names that the intent quotes, from the menu down."""
    department, *below = quoted(screen)
    yield screen.click("menuitem", department)
    for name in below:
        yield from screen.read_all()
        yield click(first(screen.all("link", rf"^{re.escape(name)} \d+ items?$"), name))


def sort_by(screen: Screen, name: str, *, descending: bool = False) -> Iterator[str]:
    """Sort the list that shows."""
    yield screen.select("Sort By", name)
    yield screen.click("button", "Sort")
    other = f"Set {'Descending' if descending else 'Ascending'} Direction"
    if screen.has("link", other):
        yield screen.click("link", other)


# --- category_open ---


def _open(parameters: Parameters) -> Reached:
    return path_is(parameters["paths"][-1])


def _open_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_on_the_way(parameters), MilestoneSpec("stopped there", _stopped(_open(parameters)))]


def _solve_open(screen: Screen) -> Iterator[str]:
    yield from open_trail(screen)
    yield stop()


# --- category_sorted ---


def _sorting(index: int) -> Parameters:
    words, key, direction = _ORDERS[index % len(_ORDERS)]
    return {"order": words, "key": key, "direction": direction}


def _sorted_category(store: StoreOf, index: int) -> Parameters:
    return {**category(store, index // len(_ORDERS)), **_sorting(index)}


def _is_sorted(parameters: Parameters) -> Reached:
    def reached(progress: Progress) -> bool:
        query = query_of(progress)
        default = "desc" if searched(progress) else "asc"
        direction = query.get("product_list_dir", default)
        return query.get("product_list_order") == parameters["key"] and direction == parameters["direction"]

    return reached


def _shows_sorted(parameters: Parameters) -> Reached:
    is_sorted, path = _is_sorted(parameters), parameters["paths"][-1]
    return lambda progress: path_of(progress) == path and is_sorted(progress)


def _sorted_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_on_the_way(parameters), MilestoneSpec("sorted", _shows_sorted(parameters))]


def _solve_sorted(screen: Screen) -> Iterator[str]:
    yield from open_trail(screen)
    yield from _sort_as_asked(screen)
    yield stop()


def _sort_as_asked(screen: Screen) -> Iterator[str]:
    words = screen.find_in_intent(rf"({'|'.join(words for words, _, _ in _ORDERS)})")
    yield from sort_by(screen, "Price" if "price" in words else "Product Name", descending="dearest" in words)


# --- price_range ---


def _range_count(store: StoreOf) -> int:
    return len(_ranges(store))


def _ranges(store: StoreOf) -> list[tuple[int, int, int]]:
    """(index of the category, from, below in cents) of each range that a category's page offers, the open last ones left out."""
    places = {category(store, index)["id"]: index for index in range(category_count(store))}
    found: list[tuple[int, int, int]] = []
    for category_id, low, high in connection(store).execute(
        "SELECT category_id, low_cents, high_cents FROM category_price p WHERE low_cents < "
        "(SELECT max(low_cents) FROM category_price WHERE category_id = p.category_id) ORDER BY category_id, low_cents"
    ):
        if category_id in places:
            found.append((places[category_id], low, high))
    return found


def _range(store: StoreOf, index: int) -> Parameters:
    place, low, high = _ranges(store)[index]
    return {
        **category(store, place),
        "low": f"{low / 100:.2f}",
        "high": f"{(high - 1) / 100:.2f}",
        "cents": (low, high),
    }


def _shows_range(parameters: Parameters) -> Reached:
    path, (low, high) = parameters["paths"][-1], parameters["cents"]

    def reached(progress: Progress) -> bool:
        ends = query_of(progress).get("price", "").split("-")
        return path_of(progress) == path and len(ends) == 2 and [_cents(end) for end in ends] == [low, high]

    return reached


def _cents(dollars: str) -> int:
    return round(float(dollars) * 100) if re.fullmatch(r"\d+(\.\d+)?", dollars) else -1


def _range_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_on_the_way(parameters), MilestoneSpec("range chosen", _shows_range(parameters))]


def _solve_range(screen: Screen) -> Iterator[str]:
    low, high = screen.parts_of_intent(r"\$([\d,.]+\d) to \$([\d,.]+\d)")
    yield from open_trail(screen)
    yield from screen.read_all()
    links = screen.all("link", r"^\$[\d,.]+ - \$[\d,.]+ \d+ items?$")
    yield click(
        first(
            (e for e in links if re.findall(r"\d[\d,.]*", e.name.replace(",", ""))[:2] == [low, high]),
            f"{low} to {high}",
        )
    )
    yield stop()


# --- search_sorted ---


def _sorted_search(store: StoreOf, index: int) -> Parameters:
    """Two words of a product's name, and an order."""
    words = re.findall(r"[A-Za-z]{4,}", product(store, index)["name"])
    return {"words": " ".join(words[:2]).lower(), **_sorting(index)}


def _results(parameters: Parameters) -> Reached:
    return lambda progress: (
        searched(progress) and query_of(progress).get("q", "").lower().split() == parameters["words"].split()
    )


def _results_sorted(parameters: Parameters) -> Reached:
    results, is_sorted = _results(parameters), _is_sorted(parameters)
    return lambda progress: results(progress) and is_sorted(progress)


def _search_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", _results(parameters)),
        MilestoneSpec("sorted", _results_sorted(parameters)),
        MilestoneSpec("stopped there", _stopped(_results_sorted(parameters))),
    ]


def _solve_search(screen: Screen) -> Iterator[str]:
    yield screen.fill("combobox", "Search", quoted(screen)[0], enter=True)
    yield from _sort_as_asked(screen)
    yield stop()


FAMILIES = (
    shop_family(
        "category_open",
        (
            "Open the category {trail}.",
            "Take me to the products in {trail}.",
            "I want to look around in {trail}: go to its page.",
        ),
        count=category_count,
        parameters=category,
        success=_open,
        milestones=_open_milestones,
        oracle=_solve_open,
        length=4,
    ),
    shop_family(
        "category_sorted",
        (
            "Show me {trail}, sorted by {order}.",
            "Go to the category {trail} and sort it by {order}.",
            "I want to see the products in {trail} by {order}.",
        ),
        count=lambda store: category_count(store) * len(_ORDERS),
        parameters=_sorted_category,
        success=_shows_sorted,
        milestones=_sorted_milestones,
        oracle=_solve_sorted,
        length=6,
    ),
    shop_family(
        "price_range",
        (
            "Show me only what costs ${low} to ${high} in {trail}.",
            "Narrow {trail} down to prices from ${low} to ${high}.",
            "In {trail}, which products cost ${low} to ${high}? Leave the list on the screen.",
        ),
        count=_range_count,
        parameters=_range,
        success=_shows_range,
        milestones=_range_milestones,
        oracle=_solve_range,
        length=5,
        heldout=True,
    ),
    shop_family(
        "search_sorted",
        (
            'Search for "{words}" and sort what is found by {order}.',
            'List the results for "{words}" by {order}.',
            'Look for "{words}"; I want the results sorted by {order}.',
        ),
        count=product_count,
        parameters=_sorted_search,
        success=_results_sorted,
        milestones=_search_milestones,
        oracle=_solve_search,
        length=5,
    ),
)
