"""Errands in the shop about the customer's own data, and about writing to the shop and to other customers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..oracles.screen import Screen, stop
from ..oracles.us_states import STATES
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .shopping_data import (
    CUSTOMER,
    holds,
    path_is,
    path_of,
    product,
    product_count,
    quoted,
    rows,
    searched,
    shop_family,
    unquoted,
)
from .shopping_lookups import open_product

Reached = Callable[[Progress], bool]

_STREETS = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Hazel", "Juniper", "Laurel", "Maple", "Oak", "Willow")
_KINDS = ("Street", "Avenue", "Road", "Lane", "Court")
# City, state, and the first three digits of its postal codes.
_CITIES = (
    ("Austin", "TX", "787"), ("Denver", "CO", "802"), ("Portland", "OR", "972"), ("Madison", "WI", "537"), ("Tucson", "AZ", "857"),
    ("Raleigh", "NC", "276"), ("Boise", "ID", "837"), ("Omaha", "NE", "681"), ("Albany", "NY", "122"), ("Fresno", "CA", "937"),
    ("Tampa", "FL", "336"), ("Dayton", "OH", "454"),
)  # fmt: skip
_LAST_NAMES = (
    "Abbott Bishop Calloway Delgado Ellison Fletcher Garrison Hawkins Ingram Jennings Keller Lambert Mercer Norwood Osborne Prescott "
    "Quigley Ramsey Sinclair Thornton Underhill Vaughn Whitaker Yates".split()
)
_FIRST_NAMES = "Anna Bella Clara Dora Edith Flora Grace Helen Ida Julia Kate Laura Mary Nora Olga Paula Rosa Sara Tina Vera".split()
_SUMMARIES = (
    "Better than I thought", "Does its job", "Not for me", "A nice surprise", "Arrived late", "Solid work", "Good value",
    "Too small for us", "My second one", "Mixed feelings", "Works as described", "Would give it as a gift",
)  # fmt: skip
_OPINIONS = (
    "I have used it every day since it came.", "The box was dented, the rest was fine.", "My sister wants one now.",
    "It is smaller than the picture makes you think.", "I would choose another color next time.", "It took ten minutes to set up.",
    "For this price nobody can complain.", "The instructions could be clearer.", "It keeps what it promises.",
    "I am going to send it back.", "We took it on a trip and were glad of it.", "It looks just like the picture.",
)  # fmt: skip
_QUESTIONS = (
    "When will {name} be in stock again?", "Does {name} come with a warranty?", "Can I get {name} gift-wrapped?",
    "Is there a discount on ten pieces of {name}?", "Please tell me the weight of {name}.",
)  # fmt: skip
_PHONES = 2000


def _changed_only(progress: Progress, table: str, wanted: Mapping[str, Any]) -> bool:
    """One row of the table was changed, in some of these columns, and holds these values now; nothing else was written."""
    (change, *more) = progress.outcome().changes() or (None,)
    return (
        change is not None
        and not more
        and (change.table, change.kind) == (table, "updated")
        and change.columns <= wanted.keys()
        and all(_plain(change.after[name]) == _plain(value) for name, value in wanted.items())
    )


def _plain(value: object) -> str:
    return " ".join(str(value).split())


def _of_address(column: str, value: str) -> Reached:
    return lambda progress: (
        value
        in {_plain(row[0]) for row in rows(progress, f"SELECT {column} FROM address WHERE customer_id = ?", CUSTOMER)}
    )


_FORM = "/customer/address/edit/id/"


def _on_address_form(progress: Progress) -> bool:
    return path_of(progress).startswith(_FORM)


def _account_page(progress: Progress) -> bool:
    return path_of(progress) in ("/customer/account/", "/customer/address/")


# --- phone_change ---


def _phone(store: StoreOf, index: int) -> Parameters:
    return {"phone": f"{212 + index % 700}555{index * 7919 % 10_000:04d}"}


def _phone_changed(parameters: Parameters) -> Reached:
    return lambda progress: _changed_only(progress, "address", {"telephone": parameters["phone"]})


def _phone_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("account opened", _account_page),
        MilestoneSpec("address form", _on_address_form),
        holds("number saved", _of_address("telephone", parameters["phone"])),
    ]


def _open_address_form(screen: Screen) -> Iterator[str]:
    yield screen.click("link", "My Account")
    yield from screen.follow("link", "Edit Address")


def _solve_phone(screen: Screen) -> Iterator[str]:
    yield from _open_address_form(screen)
    yield screen.fill("textbox", "Phone Number", screen.find_in_intent(r"(\d{10})"))
    yield from screen.follow("button", "Save Address")
    yield stop()


# --- address_change ---


def _address(store: StoreOf, index: int) -> Parameters:
    city, state, digits = _CITIES[index % len(_CITIES)]
    street = f"{11 + index * 13 % 980} {_STREETS[index // 7 % len(_STREETS)]} {_KINDS[index // 3 % len(_KINDS)]}"
    return {"street": street, "city": city, "state": STATES[state], "postcode": f"{digits}{index % 90 + 10}"}


def _address_changed(parameters: Parameters) -> Reached:
    wanted = {
        "street": parameters["street"],
        "city": parameters["city"],
        "region": parameters["state"],
        "postcode": parameters["postcode"],
    }

    def reached(progress: Progress) -> bool:
        changes = progress.outcome().changes()
        region = (
            {"region_id": changes[0].after.get("region_id")} if changes else {}
        )  # the shop's own number of the state
        return _changed_only(progress, "address", {**wanted, **region})

    return reached


def _address_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("account opened", _account_page),
        MilestoneSpec("address form", _on_address_form),
        holds("street saved", _of_address("street", parameters["street"])),
        holds("address saved", _address_changed(parameters)),
    ]


def _solve_address(screen: Screen) -> Iterator[str]:
    street, city, state, postcode = screen.parts_of_intent(r"(\d+ \w+ \w+), ([A-Z]\w+), ([A-Z][\w ]+) (\d{5})")
    yield from _open_address_form(screen)
    yield screen.fill("textbox", "Street Address: Line 1", street)
    yield screen.select("State/Province", state)
    yield screen.fill("textbox", "City", city)
    yield screen.fill("textbox", "Zip/Postal Code", postcode)
    yield from screen.follow("button", "Save Address")
    yield stop()


# --- name_change ---


def _name(store: StoreOf, index: int) -> Parameters:
    last, first = divmod(index, len(_FIRST_NAMES))
    return {"first": _FIRST_NAMES[first], "last": _LAST_NAMES[last % len(_LAST_NAMES)]}


def _name_changed(parameters: Parameters) -> Reached:
    wanted = {"first_name": parameters["first"], "last_name": parameters["last"]}
    return lambda progress: _changed_only(progress, "customer", wanted)


def _name_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("account opened", _account_page),
        MilestoneSpec("name form", path_is("/customer/account/edit/")),
        holds("name saved", _name_changed(parameters)),
    ]


def _solve_name(screen: Screen) -> Iterator[str]:
    first, last = screen.parts_of_intent(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)[.,:;]")
    yield screen.click("link", "My Account")
    yield from screen.follow("link", "Account Information")
    yield screen.fill("textbox", "First Name", first)
    yield screen.fill("textbox", "Last Name", last)
    yield from screen.follow("button", "Save")
    yield stop()


# --- message_send ---


def _message(store: StoreOf, index: int) -> Parameters:
    return {"message": _QUESTIONS[index % len(_QUESTIONS)].format(name=product(store, index)["name"])}


def _message_sent(parameters: Parameters) -> Reached:
    return lambda progress: (
        [_plain(row[0]) for row in rows(progress, "SELECT comment FROM contact_message")]
        == [_plain(parameters["message"])]
    )


def _message_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("contact page", lambda progress: path_of(progress).startswith("/contact/")),
        holds("message sent", _message_sent(parameters)),
    ]


def _solve_message(screen: Screen) -> Iterator[str]:
    yield from screen.follow("link", "Contact Us")
    yield screen.fill("textbox", "What’s on your mind?", quoted(screen)[0])
    yield screen.click("button", "Submit")
    yield stop()


# --- review_write ---


def _review(store: StoreOf, index: int) -> Parameters:
    return {
        **product(store, index),
        "stars": 1 + index % 5,
        "summary": _SUMMARIES[index % len(_SUMMARIES)],
        "opinion": _OPINIONS[index * 5 // 3 % len(_OPINIONS)],
    }


def _review_written(parameters: Parameters) -> Reached:
    wanted = [tuple(parameters[name] for name in ("id", "stars", "summary", "opinion"))]
    sql = "SELECT product_id, stars, title, detail FROM review WHERE customer_id = ? AND approved = 0"
    return lambda progress: rows(progress, sql, CUSTOMER) == wanted


def _review_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("product page", path_is(parameters["url"])),
        holds("review written", _review_written(parameters)),
    ]


def _solve_review(screen: Screen) -> Iterator[str]:
    name, summary, opinion = quoted(screen)
    stars = re.findall(r"\d", unquoted(screen))[0]
    yield from open_product(screen, name)
    rating = yield from screen.seek("radio", f"{stars} star")
    yield f"check({rating.id})"
    for field, text in (("Summary", summary), ("Review", opinion)):
        box = yield from screen.seek("textbox", field)
        yield screen.fill("textbox", box.name, text)
    yield from screen.follow("button", "Submit Review")
    yield stop()


def _counting(things: Sequence[object]) -> Callable[[StoreOf], int]:
    return lambda store: len(things)


FAMILIES = (
    shop_family(
        "phone_change",
        (
            "My new phone number is {phone}. Change it in my address.",
            "Set the phone number of my default address to {phone}.",
            "Please correct my address: I can be called at {phone} now.",
        ),
        count=_counting(range(_PHONES)),
        parameters=_phone,
        success=_phone_changed,
        milestones=_phone_milestones,
        oracle=_solve_phone,
        length=5,
    ),
    shop_family(
        "address_change",
        (
            "I have moved to {street}, {city}, {state} {postcode}. Change my default address.",
            "Set my address to {street}, {city}, {state} {postcode}.",
            "From now on my things go to {street}, {city}, {state} {postcode}: correct the address that I have in the shop.",
        ),
        count=_counting(range(_PHONES)),
        parameters=_address,
        success=_address_changed,
        milestones=_address_milestones,
        oracle=_solve_address,
        length=8,
    ),
    shop_family(
        "name_change",
        (
            "My account should be in the name of {first} {last}. Change it.",
            "Change the name on my account to {first} {last}.",
            "From today on I am {first} {last}: update my account information.",
        ),
        count=_counting(range(len(_FIRST_NAMES) * len(_LAST_NAMES))),
        parameters=_name,
        success=_name_changed,
        milestones=_name_milestones,
        oracle=_solve_name,
        length=6,
    ),
    shop_family(
        "message_send",
        (
            'Send the shop this message by the contact form: "{message}"',
            'Ask the shop, on its contact page, "{message}"',
            'Contact the shop for me and write "{message}" Then send it.',
        ),
        count=product_count,
        parameters=_message,
        success=_message_sent,
        milestones=_message_milestones,
        oracle=_solve_message,
        length=4,
    ),
    shop_family(
        "review_write",
        (
            'Review "{name}" with {stars} of 5 stars, the summary "{summary}" and the text "{opinion}"',
            'Write about "{name}": {stars} stars, the title is "{summary}" and the review "{opinion}"',
            'Give "{name}" a rating of {stars} stars; as summary put "{summary}" and as review "{opinion}"',
        ),
        count=product_count,
        parameters=_review,
        success=_review_written,
        milestones=_review_milestones,
        oracle=_solve_review,
        length=7,
    ),
)
