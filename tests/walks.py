"""Random walks over an embedded site: what a curious or a hostile policy might do, drawn by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from webarena_gym.env import WebArenaEnv
from webarena_gym.observed import quote
from webarena_gym.registration import SITE_IDS
from webarena_gym.sites.registry import BASE_URLS
from webarena_gym.sites.world import World
from webarena_gym.tasks.catalog import FixedTasks
from webarena_gym.tasks.schema import Task
from webarena_gym.types import Node

# Pages that a walk jumps to now and then, so that it meets every page type and not only what links lead to most.
SITEMAPS: dict[str, tuple[str, ...]] = {
    "shopping": (
        "/", "/?p=2", "/beauty-personal-care.html", "/home-kitchen/furniture/living-room-furniture.html",
        "/home-kitchen/furniture/living-room-furniture.html?product_list_order=price&product_list_dir=desc",
        "/clothing-shoes-jewelry/men/shoes.html?price=0-30&product_list_limit=36", "/catalogsearch/result/?q=xbox+controller",
        "/catalogsearch/result/index/?q=chairs&product_list_order=price&product_list_dir=asc", "/catalogsearch/result/?q=zzzz",
        "/catalogsearch/advanced/", "/catalogsearch/advanced/result/?name=desk", "/search/term/popular/", "/checkout/cart/",
        "/checkout/", "/customer/account/", "/customer/account/edit/", "/customer/address/", "/customer/address/new/",
        "/customer/address/edit/id/26/", "/sales/order/history/", "/sales/order/history/?p=3", "/sales/order/view/order_id/170/",
        "/sales/order/print/order_id/157/", "/wishlist/", "/review/customer/", "/downloadable/customer/products/",
        "/newsletter/manage/", "/contact/", "/privacy-policy-cookie-restriction-mode/", "/sales/guest/form/",
        "/catalog/product_compare/index/", "/customer/account/login/", "/customer/account/create/",
        "/customer/account/forgotpassword/", "/no/such/page.html", "/rest/V1/orders",
        "/photosmart-plus-b209-clr-inkjetfb-p-s-c-usb-wrls-1.html",
    ),
    "reddit": (
        "/", "/new", "/top?t=year", "/all/controversial?t=all", "/featured", "/subscribed/active", "/moderated", "/comments",
        "/forums", "/forums/by_name/2", "/forums/all", "/tags", "/f/books", "/f/news/new", "/f/DIY/active", "/f/gadgets/top?t=all",
        "/f/pics", "/f/nosuchforum", "/f/earthporn", "/f/books+news/most_commented?t=month", "/f/books/comments",
        "/f/books/59421/friendly-reminder-bookshop-org-exists", "/f/books/59421/-/linear", "/f/personalfinance/133870", "/135201",
        "/f/MachineLearning/1/nvidia-rtx-4090", "/f/pics/104380/-", "/f/books/59421/-/comment/1008000", "/f/books/new.atom",
        "/f/television/135201/-/edit", "/f/books/bans", "/f/books/moderation_log", "/moderation_log", "/f/books/moderators",
        "/f/books/edit", "/submit", "/submit/books", "/create_forum", "/user/MarvelsGrantMan136", "/user/quiet_kettle/comments",
        "/user/CameronKelsey/submissions", "/user/MarvelsGrantMan136/edit_biography", "/user/MarvelsGrantMan136/account",
        "/user/MarvelsGrantMan136/preferences", "/user/MarvelsGrantMan136/delete_account", "/user/MarvelsGrantMan136/block_list",
        "/user/MarvelsGrantMan136/hidden_forums", "/user/MarvelsGrantMan136/trash", "/user/AdamCannon/block_user",
        "/user/AdamCannon/compose_message", "/notifications", "/messages", "/search?q=bookshop", "/search?q=%22%27%25*", "/wiki",
        "/wiki/_all", "/wiki/_recent", "/wiki/_create", "/login", "/registration", "/trash", "/no/such/page",
    ),
    "gitlab": (
        "/", "/dashboard/projects?personal=true", "/dashboard/projects/starred", "/dashboard/todos", "/dashboard/todos?state=done", "/dashboard/activity",
        "/dashboard/issues?assignee_username=byteblaze", "/dashboard/merge_requests?reviewer_username=byteblaze", "/dashboard/groups", "/dashboard/milestones",
        "/explore?visibility_level=20", "/explore/projects/starred?page=2", "/explore/groups", "/search?search=theme&scope=issues", "/search?search=zzzz&scope=users",
        "/byteblaze", "/users/byteblaze/contributed", "/users/byteblaze/following", "/vinta", "/a11yproject", "/groups/a11yproject/-/group_members", "/-/profile",
        "/-/profile/status", "/-/profile/account", "/-/profile/personal_access_tokens?open=feed_token", "/-/profile/preferences", "/-/profile/password/edit",
        "/projects/new", "/projects/new?panel=blank_project", "/projects/new?panel=create_from_template", "/groups/new", "/-/snippets/new", "/help",
        "/a11yproject/a11yproject.com", "/a11yproject/a11yproject.com?open=clone", "/a11yproject/a11yproject.com/activity",
        "/a11yproject/a11yproject.com/-/commits/main", "/a11yproject/a11yproject.com/-/commits/redesign?author=eric", "/a11yproject/a11yproject.com/-/graphs/main",
        "/a11yproject/a11yproject.com/-/branches", "/a11yproject/a11yproject.com/-/tags", "/a11yproject/a11yproject.com/-/compare?from=main&to=redesign",
        "/a11yproject/a11yproject.com/-/network/main", "/a11yproject/a11yproject.com/-/tree/main/src", "/a11yproject/a11yproject.com/-/blob/main/README.md",
        "/a11yproject/a11yproject.com/-/edit/main/README.md", "/a11yproject/a11yproject.com/-/raw/main/README.md", "/a11yproject/a11yproject.com/-/issues",
        "/a11yproject/a11yproject.com/-/issues/?sort=title_asc&state=all&label_name[]=bug&first_page_size=20&open=filter",
        "/a11yproject/a11yproject.com/-/issues/1478", "/a11yproject/a11yproject.com/-/issues/new", "/a11yproject/a11yproject.com/-/issues/1478/sidebar/labels",
        "/a11yproject/a11yproject.com/-/merge_requests?state=merged", "/a11yproject/a11yproject.com/-/merge_requests/1071",
        "/a11yproject/a11yproject.com/-/merge_requests/1071/diffs", "/a11yproject/a11yproject.com/-/merge_requests/new",
        "/a11yproject/a11yproject.com/-/merge_requests/new?merge_request[source_branch]=redesign", "/byteblaze/gimmiethat.space/-/project_members",
        "/byteblaze/gimmiethat.space/-/project_members/invite?search=jakub&user_ids[]=597", "/a11yproject/a11yproject.com/-/labels",
        "/a11yproject/a11yproject.com/-/milestones", "/a11yproject/a11yproject.com/-/boards", "/byteblaze/dotfiles/edit", "/byteblaze/dotfiles/-/pipelines",
        "/byteblaze/dotfiles/-/starrers", "/byteblaze/dotfiles/-/forks/new", "/-/ide/project/byteblaze/dotfiles/edit/main/-/README.md",
        "/-/ide/project/byteblaze/dotfiles/edit/main/-/?dialog=file", "/users/sign_in", "/no/such/page",
    ),
    "wikipedia": (
        "/", "/wikipedia_en_all_maxi_2022-05", "/wikipedia_en_all_maxi_2022-05/A/User:The_other_Kiwix_guy/Landing",
        "/wikipedia_en_all_maxi_2022-05/A/Vinalhaven,_Maine", "/wikipedia_en_all_maxi_2022-05/A/NBA",
        "/wikipedia_en_all_maxi_2022-05/A/List_of_national_parks_of_the_United_States", "/wikipedia_en_all_maxi_2022-05/A/France",
        "/wikipedia_en_all_maxi_2022-05/A/Pennsylvania", "/wikipedia_en_all_maxi_2022-05/A/Tokyo", "/wikipedia_en_all_maxi_2022-05/A/No_such_article",
        "/search?content=wikipedia_en_all_maxi_2022-05&pattern=national+park", "/search?pattern=city&start=50", "/search?pattern=zzzz",
        "/search?pattern=%22%27%25*&start=-1", "/suggest?content=wikipedia_en_all_maxi_2022-05&term=Bost", "/random?content=wikipedia_en_all_maxi_2022-05",
        "/no/such/page",
    ),
    "homepage": (
        "/", "/index.html", "/password.html", "/calculator.html", "/calculator.html?expression=(1.5+%2B+2)*3", "/calculator.html?expression=1/0",
        "/calculator.html?expression=((", "/scratchpad.html", "/no/such/page",
    ),
}  # fmt: skip
WORDS = (
    "xbox",
    "12",
    "é漢🎉",
    "a b",
    '"quoted"',
    "<b>html</b>",
    "",
    "100% 'x' OR 1=1",
    "line\nbreak",
    "emma.lopez@gmail.com",
)
HOSTILE = (
    "", "\0", "explode(1)", "click(", 'goto("file:///etc/passwd")', 'goto("javascript:alert(1)")', 'goto("http://evil.test/")',
    "click(99999999)", "fill(1)", 'fill(3, "\\u0000")', "x" * 30_000, 'press("F13")', "focus_tab(99)", 'select(2, ["a", "b"])',
    'goto("/../../etc/passwd")', 'goto("/%00%ff")', 'goto("/a?b=%ZZ&c[]=1&&=")', "close_tab()", "__import__('os')", 'scroll("left")',
)  # fmt: skip


def walking_env(site: str, **options: Any) -> WebArenaEnv:
    """An env of the site's tasks; for a site without any, one whose only task is to look around there."""
    if site in SITE_IDS:
        return WebArenaEnv(site, **options)
    world = World(["wikipedia", "homepage"], cache_dir=Path(options.pop("cache_dir")))
    env = WebArenaEnv(world=world, **options)
    name: Any = site
    look = Task(
        task_id="look-around",
        sites=(name,),
        intent="Look around.",
        start_urls=(BASE_URLS[name],),
        success=lambda progress: False,
    )
    env._tasks = FixedTasks([look], f"the walks on {site}")
    return env


def walk_action(rng: random.Random, nodes: Sequence[Node], paths: Sequence[str], *, jump: float = 0.2) -> str:
    """One plausible action text: on an element of the page, or a jump to one of ``paths``."""
    elements = [node for node in nodes if node.id is not None]
    if rng.random() < jump or not elements:
        return f"goto({quote(rng.choice(paths))})"
    if rng.random() < 0.08:
        return rng.choice(
            ["back()", "forward()", 'press("Enter")', 'press("Tab")', 'press("Space")', "new_tab()", "focus_tab(0)"]
        )
    node = rng.choice(elements)
    if node.role in ("textbox", "searchbox", "spinbutton", "combobox") and not node.options:
        return f"fill({node.id}, {quote(rng.choice(WORDS))}{', enter=True' if rng.random() < 0.4 else ''})"
    if node.options:
        return f"select({node.id}, {quote(rng.choice(node.options))})"
    return f"click({node.id})"


def fuzz_action(rng: random.Random, nodes: Sequence[Node], paths: Sequence[str]) -> str:
    """A valid action, a malformed one or a hostile one."""
    draw = rng.random()
    if draw < 0.7:
        return walk_action(rng, nodes, paths)
    if draw < 0.85:
        return rng.choice(HOSTILE)
    id = rng.randrange(120)
    word = quote(rng.choice(WORDS))
    return rng.choice([f"click({id})", f"fill({id}, {word})", f"select({id}, {word})", f"check({id})", f"uncheck({id})",
                       f"type [{id}] [{rng.choice(WORDS)}] [1]", f"press({id}, \"Enter\")"])  # fmt: skip
