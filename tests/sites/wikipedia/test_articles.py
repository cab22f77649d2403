"""What the tasks' articles say, how articles are named and linked, and the short ones made from facts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.sites.reader import Reader
from webarena_gym.sites.base import BuildOptions
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.sites.wikipedia.places import distance_km, listed
from webarena_gym.sites.world import World

A = "/wikipedia_en_all_maxi_2022-05/A/"
SEED = Path(__file__).parents[3] / "webarena_gym/sites/wikipedia/seed"
PLACES: dict[str, Any] = json.loads((SEED / "places.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Vinalhaven,_Maine", ["Knox County", "44.048, -68.832", "Maine"]),
        ("Acadia_National_Park", ["national park", "44.35, -68.21", "Maine"]),
        ("National_parks_in_Maine", ["one national park", "Acadia National Park"]),
        ("List_of_national_parks_of_the_United_States", ["63 national parks", "Acadia National Park", "Zion"]),
        ("United_Airlines_Flight_93", ["Stonycreek Township", "Shanksville", "Somerset County", "Pennsylvania"]),
        ("Flight_93_National_Memorial", ["Stonycreek Township", "Shanksville"]),
        ("Shanksville,_Pennsylvania", ["Somerset County", "Flight 93"]),
        ("September_11_attacks", ["United Airlines Flight 93", "Stonycreek Township", "Pennsylvania"]),
        ("Boston_Celtics", ["TD Garden", "Boston", "National Basketball Association"]),
        ("TD_Garden", ["Boston Celtics", "Massachusetts"]),
        ("National_Basketball_Association", ["Boston Celtics", "TD Garden"]),
        ("Carnegie_Mellon_University", ["Pittsburgh", "Pennsylvania"]),
        ("Massachusetts_Institute_of_Technology", ["Cambridge", "Massachusetts", "leading"]),
        ("Harvard_University", ["Cambridge", "Massachusetts"]),
        ("SCImago_Institutions_Rankings", ["2019", "3 | ", "Massachusetts Institute of Technology"]),
        ("New_Hampshire", ["Massachusetts", "Vermont", "Maine", "Quebec"]),
        ("Joe_Biden", ["Scranton, Pennsylvania"]),
        ("Bridgeport,_Connecticut", ["Connecticut"]),
        ("Boston_Bruins", ["ice hockey"]),
        ("Fenway_Park", ["baseball"]),
        ("Boston_Harbor_Islands", ["not a national park"]),
        ("Philadelphia_76ers", ["Wells Fargo Center"]),
        ("Christopher_Nolan", ["film director"]),
        ("Pittsburgh", ["Carnegie Mellon University"]),
    ],
)
def test_articles_that_tasks_need_say_what_they_need(reader: Reader, title: str, said: list[str]) -> None:
    reader.open(A + title)
    assert reader.url == A + title
    assert [words for words in said if words not in reader.text] == []


def test_acadia_is_the_park_nearest_to_vinalhaven(reader: Reader) -> None:
    """Reckoned from the coordinates that the pages show."""

    def place(text: str) -> dict[str, float]:
        latitude, longitude = map(float, text.split(", "))
        return {"latitude": latitude, "longitude": longitude}

    home = place(re.search(r"Coordinates \| (\S+, \S+)", reader.open(f"{A}Vinalhaven").text)[1])  # type: ignore[index]
    lines = reader.open(f"{A}List_of_national_parks_of_the_United_States").text.split("\n")
    parks = [cells for line in lines if len(cells := line.split(" | ")) == 3 and cells[0] != "Park"]
    assert len(parks) == 63
    nearest = min(parks, key=lambda cells: distance_km(home, place(cells[2])))
    assert "Acadia National Park" in nearest[0]


def test_mit_leads_the_list_of_its_state_in_computer_science_though_harvard_leads_the_other(reader: Reader) -> None:
    lines = reader.open(f"{A}SCImago").text.split("\n")
    firsts = [line for line in lines if line.startswith("1 | ")]
    assert "Harvard University" in firsts[0] and "Massachusetts Institute of Technology" in firsts[1]


def test_the_base_address_is_the_landing_page_and_its_links_lead_to_articles(reader: Reader) -> None:
    landing = BASE_URLS["wikipedia"].removeprefix("http://wikipedia.test")
    reader.open(landing)
    assert reader.url == landing
    names = reader.names("link")
    assert {"Vinalhaven, Maine", "September 11 attacks", "List of countries"} <= set(names)
    reader.click("link", "September 11 attacks")
    assert reader.url == f"{A}September_11_attacks"


def test_other_names_of_an_article_are_redirected(reader: Reader) -> None:
    for name in ("MIT", "Massachusetts%20Institute%20of%20Technology"):
        assert reader.open(A + name).url == f"{A}Massachusetts_Institute_of_Technology"
    assert reader.open(f"{A}9/11").url == f"{A}September_11_attacks"


def test_an_unknown_title_is_a_404_page_that_does_not_repeat_it(reader: Reader) -> None:
    reply = reader.get(f"{A}Qwertyuiop")
    assert reply.status == 404
    assert "qwertyuiop" not in reply.text.lower()


def test_there_are_more_than_500_articles_made_from_facts(world: World) -> None:
    facts = json.loads((SEED / "facts.json").read_text(encoding="utf-8"))
    assert world.store("wikipedia").count - len(facts["articles"]) >= 500


def test_every_link_of_every_article_leads_to_an_article(world: World) -> None:
    store = world.store("wikipedia")
    rows = store.connection.execute("SELECT title, body FROM article").fetchall()
    links = {link for _, body in rows for link in re.findall(r'href=\\"([^"\\]+)\\"', body)}
    assert len(links) > 400
    unknown = [link for link in links if store.title_of(unquote(link.removeprefix(A)).replace("_", " ")) is None]
    assert unknown == []


@pytest.mark.parametrize("number", [0, 40, 120, 200])
def test_a_country_article_shows_the_facts_of_its_country(reader: Reader, number: int) -> None:
    country = PLACES["countries"][number]
    reader.open("/search?pattern=" + country["name"].replace(" ", "+")).click("link", country["name"])
    assert f"{country['area_km2']:,} square kilometres" in reader.text
    assert f"{country['population']:,}" in reader.text
    assert country["capital"] in reader.text
    assert [name for name in country["neighbours"] if name not in reader.text] == []


def test_a_state_article_lists_its_counties(reader: Reader) -> None:
    reader.open(f"{A}Pennsylvania")
    state = next(state for state in PLACES["states"] if state["name"] == "Pennsylvania")
    assert len(state["counties"]) == 67
    assert [county for county in state["counties"] if county not in reader.text] == []


def test_a_city_article_names_the_cities_nearest_to_it(reader: Reader) -> None:
    """From Philadelphia to New York are about 130 km, to Washington about 200, and no large city lies between them."""
    reader.open(f"{A}Philadelphia")
    assert reader.url == f"{A}Philadelphia,_Pennsylvania"
    rows = [line.split(" | ") for line in reader.text.split("\n") if line.endswith("east") or line.endswith("west")]
    distances = [int(row[1].removesuffix(" km")) for row in rows]
    assert len(rows) == 3 and distances == sorted(distances) and distances[-1] < 210


def test_random_leads_on_and_on_to_articles(reader: Reader) -> None:
    reader.open(f"{A}Boston")
    seen = []
    for _ in range(12):
        seen.append(reader.click("link", "Go to a randomly selected page").url)
    assert all(url.startswith(A) for url in seen)
    assert len(set(seen)) == 12
    reader.open(f"{A}Boston")
    assert reader.click("link", "Go to a randomly selected page").url == seen[0]


def test_scale_multiplies_the_cities_and_nothing_else(world: World, cache_dir: Path) -> None:
    other = World(["wikipedia"], options=BuildOptions(scale=2.0), cache_dir=cache_dir)
    grown = other.store("wikipedia").count - world.store("wikipedia").count
    assert grown == 216
    assert other.store("wikipedia").title_of("MIT") == "Massachusetts Institute of Technology"
    other.close()


def test_facts_replace_the_sites_own(cache_dir: Path) -> None:
    facts = json.loads((SEED / "facts.json").read_text(encoding="utf-8"))
    (celtics,) = [article for article in facts["articles"] if article["title"] == "Boston Celtics"]
    celtics["infobox"][1][1] = "[[Fenway Park]]"
    world = World(["wikipedia"], options=BuildOptions(facts=facts), cache_dir=cache_dir)
    assert "Arena | " in Reader(world, "http://wikipedia.test").open(f"{A}Boston_Celtics").text
    assert ["Arena", '<a href="/wikipedia_en_all_maxi_2022-05/A/Fenway_Park">Fenway Park</a>'] in world.store(
        "wikipedia"
    ).body("Boston Celtics")["infobox"]
    world.close()


def test_distances_and_lists_read_as_they_should() -> None:
    """A degree along a meridian is 40,030 km / 360 = 111.2 km."""
    one, other = {"latitude": 44.0, "longitude": -69.0}, {"latitude": 45.0, "longitude": -69.0}
    assert distance_km(one, other) == pytest.approx(111.2, abs=0.05)
    assert distance_km(one, one) == 0
    assert [listed(list("abc"[:n])) for n in range(1, 4)] == ["a", "a and b", "a, b and c"]


def test_no_two_articles_share_a_title_and_texts_are_not_all_alike(world: World) -> None:
    texts = [text for (text,) in world.store("wikipedia").connection.execute("SELECT text FROM article")]
    assert len(set(texts)) == len(texts)
    starts = {" ".join(re.sub(r"\b[A-Z]\S*|\d\S*", "_", text).split()[:6]) for text in texts}
    assert len(starts) > 20
    assert all(len(text) > 60 for text in texts)
