"""The shop's facts changed at random: prices, names, dates, states, reviewers, options, sizes, counts.

What the tasks ask for stays well defined (there still is exactly one controller of 2020 or 2021, one canceled removal kit
of summer 2022, ...), but nearly every answer is another one. No task's reference is read here.
"""

from __future__ import annotations

import copy
import datetime as dt
import re
from random import Random
from typing import Any

from webarena_gym.sites.shopping.seeding.facts import read_json

from ..mutations import Facts

COMPLAINERS = ("Lisa Lee", "Evelyn Kurver", "N Randall", "Amanda")  # whose original reviews complain of quality
_NICKNAMES = (
    "Ottoline, Quincy B., walrus88, Ferran, Zdenka H., Imre, Maud_in_Maine, Tiberius, Lotte P., Soraya, Kwame O'Dell, "
    "Yuki77, Bram, Ximena, Calloway, Nils F., Perpetua, Juno, Aldous, Wren, Marit, Zoltan, Esme, Hollis, Ignacio, Petra"
).split(", ")
_CASES = ("eyzutak_1", "eyzutak_2", "eyzutak_3", "eyzutak_4")
_CARD_CASES = ("cards_6", "cards_10", "cards_12", "cards_24", "cards_40", "cards_60", "cards_80")
_CONTROLLERS = ("xbox_2020", "xbox_360", "xbox_one_2015", "xbox_one_2016", "xbox_one_2019", "xbox_2022")
_GUARDS = tuple(f"guard_{i}" for i in range(1, 7))
_SHOES = ("clarks", *(f"shoes_{i}" for i in range(1, 9)))
_CANDLES = ("candle_pink", "candle_spaas", "candle_starfish")
_MEATS = ("beyond_crumble", *(f"meat_{i}" for i in range(1, 7)))


def mutated_facts(seed: int) -> Facts:
    """Another shop for each seed; those of odd seeds have a Processing order and reviews of the Sephora brush."""
    random = Random(f"oracles/mutation/{seed}")
    facts: Facts = copy.deepcopy(read_json("facts.json"))
    products = facts["products"]
    facts["customer"]["email"] = f"e.lopez{random.randrange(1000)}@example.org"
    for product in products.values():
        product["price"] = round(product["price"] * random.uniform(0.6, 1.7), 2)
    for key in ("russound", "iphone12_case", "makeup_kit"):
        products[key]["sku"] = f"B0{random.randrange(10**8):08d}"
    _change_reviews(products, random, brush_reviewed=seed % 2 == 1)
    _change_goods(products, random)
    _change_orders(facts, random, processing=seed % 2 == 1)
    return facts


def _change_reviews(products: Facts, random: Random, *, brush_reviewed: bool) -> None:
    names = random.sample(_NICKNAMES, len(_NICKNAMES))
    protector = products["s6_protector"]["reviews"]
    for review, detail in zip(protector, _shuffled(random, [r["detail"] for r in protector]), strict=True):
        review |= {"detail": detail, "nickname": names.pop()}
    printer = products["hp_printer"]["reviews"]
    printer[1]["detail"] = "The paper tray jams on every second sheet. It hums all night long."
    for review, stars in zip(printer, _shuffled(random, [1, 2, 3, 5, 5]), strict=True):
        review["stars"] = stars
    cord = products["echo_cord"]["reviews"][: random.randrange(3, 9)]
    for review, nickname in zip(cord, _shuffled(random, [r["nickname"] for r in cord]), strict=True):
        review["nickname"] = nickname
    products["echo_cord"]["reviews"] = cord
    _deal_cases(products, random, names)
    if brush_reviewed:
        products["sephora_brush"]["reviews"] = [
            {
                "nickname": names.pop(),
                "stars": stars,
                "title": "Used daily",
                "detail": detail,
                "date": f"2023-0{stars}-11",
            }
            for stars, detail in ((4, "Soft, and it blends in seconds."), (2, "It sheds hairs on my face."))
        ]
    weights = random.choice(((9, 4, 2, 1, 1), (1, 1, 2, 4, 9)))
    products["ugreen_aux"]["stars"] = random.choices((1, 2, 3, 4, 5), weights, k=random.randrange(5, 26))


def _deal_cases(products: Facts, random: Random, names: list[str]) -> None:
    """The reviews of the EYZUTAK cases get other authors and stars, and stand with other cases."""
    reviews = [review for key in _CASES for review in products[key]["reviews"]]
    for key in _CASES:
        products[key]["reviews"] = []
    for review in _shuffled(random, reviews):
        review |= {
            "complains": review["nickname"] in COMPLAINERS,
            "nickname": names.pop(),
            "stars": random.randrange(1, 6),
        }
        products[random.choice(_CASES)]["reviews"].append(review)


def _change_goods(products: Facts, random: Random) -> None:
    sizes = random.sample(range(5, 40), 4) + random.sample(range(40, 100), 3)
    for key, size in zip(_CARD_CASES, _shuffled(random, sizes), strict=True):
        product = products[key]
        product["name"] = re.sub(r"\d+(?= (?:Game |Micro SD )?(?:Card )?Slots)", str(size), product["name"])
        product["about"] = [re.sub(r"\d+", str(size), product["about"][0]), *product["about"][1:]]
        product["capacity"] = size
    years = [random.choice((2020, 2021)), 2022, *random.sample(range(2009, 2020), 4)]
    for key, year in zip(_CONTROLLERS, _shuffled(random, years), strict=True):
        product = products[key]
        product["about"] = [re.sub(r"\b20\d\d\b", str(year), product["about"][0]), *product["about"][1:]]
        product["attributes"] = {"Release Year": str(year)}
    for key in random.sample(_GUARDS, 5):  # one still helps with what task 29 complains of
        products[key]["about"] = products[key]["about"][1:]
    for keys in (_SHOES, _MEATS):
        for key, stars in zip(keys, _shuffled(random, [products[key]["stars"] for key in keys]), strict=True):
            products[key]["stars"] = stars
    products[random.choice(_CANDLES)]["price"] = 3.2
    products[random.choice(_MEATS)]["price"] = random.randrange(10_500, 19_500) / 100  # within task 117's budget
    for key in random.sample([f"white_desk_{i}" for i in range(1, 6)], 4):
        products[key]["name"] = products[key]["name"].replace("White", "Walnut")
    colors = [f"{color}-{plant}" for color in ("Teal", "Amber", "Ivory") for plant in ("ferns", "palms", "hops")]
    products["hanging_plants"]["options"] = {"Color": random.sample(colors, 3)}


def _change_orders(facts: Facts, random: Random, *, processing: bool) -> None:
    """The same goods under other numbers, dates and states. Order 148 keeps its goods: a task names it by number."""
    orders = facts["orders"]
    others = [order for order in orders if order["number"] != 148]
    for order, lines in zip(others, _shuffled(random, [order["lines"] for order in others]), strict=True):
        order["lines"] = lines
    for order in orders:
        order["date"] = _moment(random, dt.date(2022, 1, 5), dt.date(2022, 12, 28))
        order["status"] = random.choice(("Complete", "Complete", "Canceled", "Pending"))
    holding = {line["product"]: order for order in others for line in order["lines"]}
    holding["hanging_plants"]["lines"][-1]["options"] = {
        "Color": random.choice(facts["products"]["hanging_plants"]["options"]["Color"])
    }
    holding["spice_kit"]["lines"][0]["qty"] = random.randrange(1, 4)
    fixed = ["hanging_plants", "iphone12_case", "makeup_kit", "spice_kit", "tea_sampler", "body_butter"]
    _date(holding["hanging_plants"], random, dt.date(2023, 2, 1), dt.date(2023, 2, 28))
    _date(holding["iphone12_case"], random, dt.date(2023, 3, 1), dt.date(2023, 3, 31))
    _date(holding["makeup_kit"], random, dt.date(2022, 6, 1), dt.date(2022, 8, 31), "Canceled")
    _date(holding["spice_kit"], random, dt.date(2023, 1, 15), dt.date(2023, 1, 31), "Complete")
    _date(holding["tea_sampler"], random, dt.date(2023, 1, 15), dt.date(2023, 1, 31), "Complete")
    _date(holding["body_butter"], random, dt.date(2023, 4, 1), dt.date(2023, 5, 31))
    rest = [order for order in others if not any(order is holding[key] for key in fixed)]
    last = random.choice(("Complete", "Canceled", "Pending"))
    for order, state in zip(random.sample(rest, 3), _shuffled(random, ["Complete", "Pending", last]), strict=True):
        _date(order, random, dt.date(2023, 6, 10), dt.date(2023, 6, 11), state)
    for order in random.sample([order for order in rest if order["date"] < "2023"], 3):
        _date(order, random, dt.date(2022, 11, 1), dt.date(2022, 11, 30))
    if processing:
        random.choice(rest)["status"] = "Processing"


def _date(order: Facts, random: Random, first: dt.date, last: dt.date, state: str | None = None) -> None:
    order["date"] = _moment(random, first, last)
    order["status"] = state or order["status"]


def _moment(random: Random, first: dt.date, last: dt.date) -> str:
    day = first + dt.timedelta(random.randrange((last - first).days + 1))
    return f"{day} {random.randrange(8, 20):02d}:{random.randrange(60):02d}:{random.randrange(60):02d}"


def _shuffled(random: Random, values: list[Any]) -> list[Any]:
    return random.sample(values, len(values))
