"""Errands over two sites: what one shows is asked for, written or looked up on the other.

An episode begins on the first site; the home page, where a refused address leads, links to the second. One family is held out
of training.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from ..oracles.gitlab.pages import open_section
from ..oracles.home_page import visit
from ..oracles.map.pages import travel
from ..oracles.multisite_map import home_of
from ..oracles.reddit.pages import open_post_form, read_posts, sort_by, submit
from ..oracles.screen import Finding, Screen, first, goto, stop
from ..oracles.shopping_admin.pages import go, pick, read_rows, search
from ..schema import MilestoneSpec, Progress
from . import gitlab_data, map_data, reddit_data, shopping_admin_data, shopping_data
from .family import Family, Parameters, StoreOf
from .gitlab_data import quoted, unquoted
from .reddit_data import doings
from .shopping_lookups import open_product

Reached = Callable[[Progress], bool]

_ADMIN, _FORUM, _CODE = "CMS", "Reddit", "GitLab"  # as the home page calls the sites


def _path_begins(path: str) -> Reached:
    return lambda progress: urlsplit(progress.url).path.startswith(path)


# --- way_to_customer, way_to_nobody ---

# Where the map, which shows the northeast alone, has the city of a customer's first address.
_REACHED_STATES = ("Maine", "Massachusetts", "New Jersey", "New York", "Ohio")


def _customers(store: StoreOf) -> list[dict[str, Any]]:
    total = shopping_admin_data.customer_count()(store)
    everybody = [shopping_admin_data.customer(store, index)[0] for index in range(total)]
    return [one for one in everybody if one["region"] in _REACHED_STATES]


def _way_count(store: StoreOf) -> int:
    return len(_customers(store)) * map_data.landmark_count(store) * len(map_data.MODES)


def _way(store: StoreOf, index: int) -> Parameters:
    customers = _customers(store)
    index, which = divmod(index, len(customers))
    start, mode = divmod(index, len(map_data.MODES))
    return {**customers[which], "start": map_data.landmark(store, start).name, "mode": tuple(map_data.MODES)[mode]}


def _shows_way(parameters: Parameters) -> Reached:
    """The way from the landmark to the customer's city, in its state, by the mode."""
    way = map_data.shows_way_of({**parameters, "goal": parameters["city"]})

    def reached(progress: Progress) -> bool:
        goal = re.search(r'textbox "To" value="([^"]*)"', progress.text)
        return way(progress) and goal is not None and parameters["region"] in goal[1].split(", ")

    return reached


def _customers_listed(progress: Progress) -> bool:
    return shopping_admin_data.path_of(progress).startswith(shopping_admin_data.CUSTOMERS)


def _way_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("customers listed", _customers_listed),
        MilestoneSpec("customer opened", _path_begins(parameters["url"])),
        MilestoneSpec("directions shown", map_data.shows_way),
        MilestoneSpec("the way asked for", _shows_way(parameters)),
    ]


def _solve_way(screen: Screen) -> Iterator[str]:
    start, customer = sorted(quoted(screen), key=lambda name: f'customer "{name}"' in screen.intent)
    by = map_data.MODES[map_data.mode_in(screen)][0]
    map_page = yield from visit(screen, _ADMIN)
    city, state = yield from home_of(screen, customer)
    yield goto(map_page)
    yield from travel(screen, start, f"{city}, {state}", by)
    yield stop()


def _nobody_count(store: StoreOf) -> int:
    return shopping_admin_data.customer_count(map_data.landmark_count(store))(store)


def _nobody(store: StoreOf, index: int) -> Parameters:
    """The first name of a customer and the last name of another, which nobody has together, and a landmark."""
    total = shopping_admin_data.customer_count()(store)
    place, which = divmod(index, total)
    given = shopping_admin_data.customer(store, which)[0]["customer"].split(" ")[0]
    for step in range(total):
        name = (
            f"{given} {shopping_admin_data.customer(store, (index * 7 + step) % total)[0]['customer'].split(' ')[-1]}"
        )
        if not shopping_admin_data.rows(store, "SELECT 1 FROM customer WHERE first_name || ' ' || last_name = ?", name):
            return {"customer": name, "start": map_data.landmark(store, place).name}
    raise AssertionError(f"every last name goes with {given!r}")


def _looked_for(parameters: Parameters) -> Reached:
    """The grid of customers shows, looked through for the name."""
    return lambda progress: _customers_listed(progress) and parameters["customer"].split(" ")[-1] in progress.text


def _said_nobody(parameters: Parameters) -> Reached:
    looked = _looked_for(parameters)
    return lambda progress: looked(progress) and shopping_admin_data.says_not_available(progress)


def _nobody_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("customers listed", _customers_listed),
        MilestoneSpec("looked for", _looked_for(parameters)),
        MilestoneSpec("said so", _said_nobody(parameters)),
    ]


def _solve_nobody(screen: Screen) -> Iterator[str]:
    start, customer = sorted(quoted(screen), key=lambda name: f'customer "{name}"' in screen.intent)
    map_page = yield from visit(screen, _ADMIN)
    yield from go(screen, "Customers", "All Customers")
    yield from search(screen, customer)
    found = yield from read_rows(screen, "Name", "Email")
    if not any(row.cell("Name") == customer for row in found):
        yield stop("N/A")
        return
    city, state = yield from home_of(screen, customer)
    yield goto(map_page)
    way = yield from travel(screen, start, f"{city}, {state}", "Car")
    yield stop(way.distance)


# --- price_to_forum ---


def _priced(store: StoreOf, index: int) -> Parameters:
    forum, _ = reddit_data.forum_at(store, index)
    return {**shopping_data.product(store, index), **forum, "title": reddit_data.headline(index * 5)}


def _only_post(progress: Progress) -> tuple[str, str, str, str] | None:
    """(forum, title, URL, body) of the one post, if there is one and the user has done nothing else in the forum."""
    done = doings(progress)
    if len(done.posts) != 1 or replace(done, posts=frozenset()) != type(done)():
        return None
    forum, title, url, body = next(iter(done.posts))
    return forum, title, url or "", body or ""


def _price_posted(parameters: Parameters) -> Reached:
    def reached(progress: Progress) -> bool:
        post = _only_post(progress)
        return (
            post is not None
            and post[:2] == (parameters["forum"], parameters["title"])
            and shopping_data.numbers(post[3]) == [parameters["price"]]
        )

    return reached


def _price_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("product page", shopping_data.path_is(parameters["url"])),
        MilestoneSpec("post form", _path_begins("/submit")),
        MilestoneSpec("price posted", _price_posted(parameters), reads_state=True),
    ]


def _solve_price(screen: Screen) -> Iterator[str]:
    name, title = quoted(screen)
    forum = first(re.findall(r"\bforum (\w+)", unquoted(screen)), "forum")
    yield from open_product(screen, name)
    price = screen.find(r"\$([\d,]+\.\d\d)")[1].replace(",", "")
    yield from visit(screen, _FORUM)
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, body=price)
    yield stop()


# --- newest_to_issue ---

_NEWEST = (
    "SELECT title FROM submission WHERE forum_id = ? AND visibility = 'visible' ORDER BY created DESC, id DESC LIMIT 1"
)


def _newest_count(store: StoreOf) -> int:
    return gitlab_data.own_count(reddit_data.forum_count()(store))(store)


def _newest(store: StoreOf, index: int) -> Parameters:
    """One of one's own projects, a forum, and the title of its newest post."""
    forum, place = reddit_data.forum_at(store, index)
    project, _ = gitlab_data.own_project(store, place)
    ((title,),) = reddit_data.rows(store, _NEWEST, forum["forum_id"])
    return {**project, **forum, "title": _plain(title), "description": None}


def _plain(text: str) -> str:
    return " ".join(text.split())


def _issue_opened(parameters: Parameters) -> Reached:
    """The one new issue is in the project, and has the title and, where one is asked for, the number as its description."""

    def reached(progress: Progress) -> bool:
        found = [
            change.after
            for change in progress.outcome().changes()
            if (change.table, change.kind) == ("issuable", "inserted")
        ]
        if [(new["kind"], new["project_id"], _plain(str(new["title"]))) for new in found] != [
            (0, parameters["id"], parameters["title"])
        ]:
            return False
        number = parameters["description"]
        return number is None or shopping_data.numbers(str(found[0]["description"])) == [number]

    return reached


def _issue_milestones(parameters: Parameters, name: str, seen: Reached) -> list[MilestoneSpec]:
    return [
        MilestoneSpec(name, seen),
        MilestoneSpec("issue form", _path_begins(f"{parameters['url']}/-/issues/new")),
        MilestoneSpec("issue opened", _issue_opened(parameters), reads_state=True),
    ]


def _newest_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return _issue_milestones(parameters, "forum opened", _path_begins(f"/f/{parameters['forum']}"))


def _open_issue(screen: Screen, project: str, title: str, description: str = "") -> Iterator[str]:
    """From one's start page."""
    yield from gitlab_data.open_own(screen, project)
    yield from open_section(screen, "Issues")
    yield from screen.follow("link", "New issue")
    yield screen.fill("textbox", "Title (required)", title)
    if description:
        box = yield from screen.seek("textbox", "Description")
        yield screen.fill("textbox", box.name, description)
    yield from screen.follow("button", "Create issue")


def _open_forum(screen: Screen, name: str) -> Finding[str]:
    """Open a forum; returns the address of the page that was left."""
    left = yield from visit(screen, _FORUM)
    yield goto("{0.scheme}://{0.netloc}/f/{1}".format(urlsplit(screen.url), name))
    return left


def _solve_newest(screen: Screen) -> Iterator[str]:
    (project,) = quoted(screen)
    home = yield from _open_forum(screen, first(re.findall(r"\bforum (\w+)", unquoted(screen)), "forum"))
    yield from sort_by(screen, "New")
    posts = yield from read_posts(screen)
    yield goto(home)
    yield from _open_issue(screen, project, first(posts, "post").title)
    yield stop()


# --- order_to_issue ---


def _order(store: StoreOf, index: int) -> Parameters:
    """One of one's own projects, and an order whose total is the issue's description."""
    order, place = shopping_admin_data.order(store, index)
    project, _ = gitlab_data.own_project(store, index + place)
    return {
        **project, "number": order["number"], "title": gitlab_data.title(index * 3 + place), "description": order["total"]
    }  # fmt: skip


def _order_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    def seen(progress: Progress) -> bool:
        orders = shopping_admin_data.path_of(progress).startswith(shopping_admin_data.ORDERS)
        return orders and parameters["number"] in progress.text

    return _issue_milestones(parameters, "order seen", seen)


def _solve_order(screen: Screen) -> Iterator[str]:
    project, title = quoted(screen)
    number = first(re.findall(r"\d{9}", unquoted(screen)), "number")
    home = yield from visit(screen, _ADMIN)
    yield from go(screen, "Sales", "Orders")
    yield from search(screen, number)
    found = yield from read_rows(screen, "ID", "Status")
    total = pick(found, lambda row: row.cell("ID") == number, number).cell("Grand Total (Base)").lstrip("$")
    yield goto(home)
    yield from _open_issue(screen, project, title, total)
    yield stop()


# --- project_to_forum ---


def _promoted(store: StoreOf, index: int) -> Parameters:
    forum, _ = reddit_data.forum_at(store, index * 3)
    project, _ = gitlab_data.located(store, index)
    return {**project, **forum, "title": reddit_data.headline(index * 7)}


def _promoted_count(store: StoreOf) -> int:
    return gitlab_data.of_each_project(3)(store)


def _link_posted(parameters: Parameters) -> Reached:
    def reached(progress: Progress) -> bool:
        post = _only_post(progress)
        return (
            post is not None
            and post[:2] == (parameters["forum"], parameters["title"])
            and urlsplit(post[2]).path.rstrip("/") == parameters["url"]
        )

    return reached


def _link_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("project page", _path_begins(parameters["url"])),
        MilestoneSpec("post form", _path_begins("/submit")),
        MilestoneSpec("link posted", _link_posted(parameters), reads_state=True),
    ]


def _solve_link(screen: Screen) -> Iterator[str]:
    project, title = quoted(screen)
    forum = first(re.findall(r"\bforum (\w+)", unquoted(screen)), "forum")
    yield from gitlab_data.open_project(screen, project)
    address = screen.url
    yield from visit(screen, _FORUM)
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, url=address)
    yield stop()


def _errand(
    name: str, sites: Sequence[str], wordings: Sequence[str], count: Callable[[StoreOf], int], parameters: Any, success: Any, milestones: Any, oracle: Any, length: int, **rest: Any
) -> Family:  # fmt: skip
    return Family(
        name=name, sites=tuple(sites), wordings=tuple(wordings), count=count, parameters=parameters, success=success, milestones=milestones,  # type: ignore[arg-type]
        oracle=oracle, length=length, start_url=lambda parameters, urls: (urls[sites[0]],), **rest,  # type: ignore[index]
    )  # fmt: skip


FAMILIES = (
    _errand(
        "way_to_customer", ("map", "shopping_admin"),
        (
            'Show the way {mode} from "{start}" to the city where our customer "{customer}" lives.',
            'In which city does our customer "{customer}" live? Leave the directions {mode} from "{start}" to it on the screen.',
            'I am at "{start}" and want to see the customer "{customer}": show me the directions {mode} to the city in their address.',
        ),
        _way_count, _way, _shows_way, _way_milestones, _solve_way, 16,
    ),
    _errand(
        "way_to_nobody", ("map", "shopping_admin"),
        (
            'How far is it by car from "{start}" to the city of the customer "{customer}"? Answer N/A if we have no such customer.',
            'Tell me the distance that a car drives from "{start}" to where the customer "{customer}" lives, or N/A if that is no customer of ours.',
            'If there is a customer "{customer}", how long is the way by car to their city from "{start}"? Otherwise say N/A.',
        ),
        _nobody_count, _nobody, _said_nobody, _nobody_milestones, _solve_nobody, 7,
    ),
    _errand(
        "price_to_forum", ("shopping", "reddit"),
        (
            'Look up what "{name}" costs and post the price in the forum {forum} under the title "{title}"',
            'Write the price of "{name}" into a new post of the forum {forum}, with the title "{title}"',
            'The people in the forum {forum} ask for the price of "{name}". Give it to them in a post that is called "{title}"',
        ),
        shopping_data.product_count, _priced, _price_posted, _price_milestones, _solve_price, 11,
    ),
    _errand(
        "newest_to_issue", ("gitlab", "reddit"),
        (
            'Open an issue in the project "{project}" that has the title of the newest post of the forum {forum}.',
            'Take the title of the newest post in the forum {forum} and make it the title of a new issue in "{project}".',
            'What was posted last in the forum {forum}? Create an issue of that title in the project "{project}".',
        ),
        _newest_count, _newest, _issue_opened, _newest_milestones, _solve_newest, 13,
    ),
    _errand(
        "order_to_issue", ("gitlab", "shopping_admin"),
        (
            'Open an issue in the project "{project}" with the title "{title}" and, as its description, the grand total of the shop\'s order {number}.',
            'In "{project}", create the issue "{title}" and describe it with nothing but what order {number} of the shop comes to.',
            'Create an issue in "{project}" with the title "{title}"; as description put the grand total that the admin shows for order {number}.',
        ),
        shopping_admin_data.order_count(3), _order, _issue_opened, _order_milestones, _solve_order, 14,
    ),
    _errand(
        "project_to_forum", ("gitlab", "reddit"),
        (
            'Post the address of the project "{project}" in the forum {forum} as a link with the title "{title}"',
            'Share a link to the project "{project}": make a post in the forum {forum} with its address as the URL and the title "{title}"',
            'Let the link to "{project}" be known in the forum {forum}, by a post whose URL is the project\'s and whose title is "{title}"',
        ),
        _promoted_count, _promoted, _link_posted, _link_milestones, _solve_link, 11, heldout=True,
    ),
)  # fmt: skip
