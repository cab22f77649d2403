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
    "shopping_admin": (
        "/admin/", "/admin/admin/dashboard/", "/admin/admin/dashboard/customersMost/", "/admin/admin/dashboard/?menu=reports&open=scope", "/admin/sales/order/",
        "/admin/sales/order/?open=filters", "/admin/sales/order/?open=columns", "/admin/sales/order/?open=actions&selected=299,302", "/admin/sales/order/?open=sizes",
        "/admin/sales/order/?open=mass-1&selected=page", "/admin/sales/order/index/?search=miller", "/admin/sales/order/view/order_id/299/",
        "/admin/sales/order/view/order_id/302/?open=cancel", "/admin/sales/order/view/order_id/1/active_tab/order_invoices/",
        "/admin/sales/order/commentsHistory/order_id/1/active_tab/order_shipments/", "/admin/sales/order/address/address_id/598/",
        "/admin/admin/order_shipment/new/order_id/307/?tracks=2", "/admin/sales/order_invoice/new/order_id/307/", "/admin/sales/order_creditmemo/new/order_id/1/",
        "/admin/sales/order_create/reorder/order_id/302/", "/admin/sales/order_create/start/", "/admin/sales/invoice/", "/admin/sales/invoice/view/invoice_id/2/",
        "/admin/sales/shipment/view/shipment_id/2/", "/admin/sales/creditmemo/", "/admin/catalog/product/?open=options", "/admin/catalog/product/edit/id/872/",
        "/admin/catalog/product/edit/id/110/?open=row-95", "/admin/catalog/product/edit/id/110/?variants=144-167_93-50", "/admin/catalog/product/new/set/4/type/simple/",
        "/admin/catalog/product/configurations/id/110/", "/admin/catalog/product/configurations/id/110/?step=values&attributes=93&attributes=144",
        "/admin/catalog/product/configurations/id/110/?step=summary&attributes=93&attributes=144&values[93]=50&values[144]=167", "/admin/catalog/category/",
        "/admin/catalog/product_attribute/", "/admin/catalog/product_attribute/edit/attribute_id/93/", "/admin/customer/index/?open=filters",
        "/admin/customer/index/edit/id/16/", "/admin/customer/index/edit/id/16/active_tab/addresses/?address=0", "/admin/customer/index/edit/id/16/active_tab/account/",
        "/admin/customer/index/new/", "/admin/review/product/index/?detail=best", "/admin/review/product/index/sort/title/dir/asc/limit/30/", "/admin/review/product/pending/",
        "/admin/review/product/edit/id/351/?open=delete", "/admin/review/product/new/?sku=24-MB01", "/admin/search/term/index/?sort=popularity&dir=desc",
        "/admin/search/term/report/", "/admin/search/term/edit/id/11/", "/admin/cms/page/?open=row-2", "/admin/cms/page/edit/page_id/2/", "/admin/cms/block/edit/block_id/1/",
        "/admin/admin/system_design_theme/", "/admin/admin/system_design_theme/edit/id/1", "/admin/reports/report_sales/sales/?open=scope",
        "/admin/reports/report_sales/bestsellers/filter/ZnJvbT0xJTJGMSUyRjIwMjMmdG89MSUyRjMxJTJGMjAyMyZwZXJpb2RfdHlwZT1tb250aA==/",
        "/admin/reports/report_customer/orders/", "/admin/reports/report_product/lowstock/", "/admin/reports/report_review/product/", "/admin/reports/report_statistics/",
        "/admin/sales_rule/promo_quote/", "/admin/admin/system_config/", "/admin/admin/system_account/", "/admin/admin/index/globalSearch/?query=tank",
        "/admin/mui/export/gridToCsv/?namespace=cms_page_listing", "/admin/no/such/page", "/", "/gear/bags.html", "/catalogsearch/result/?q=tank",
        "/antonia-racer-tank.html", "/about-us", "/nope.html",
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
    "map": (
        "/", "/#map=7/42.896/-75.108", "/?mlat=40.4411&mlon=-79.9437&zoom=17", "/go/ZVmXyg--", "/go/zzz!", "/share?map=13/40.44/-79.99", "/key", "/layers",
        "/search?query=hotels%20near%20Carnegie%20Music%20Hall", "/search?query=Carnegie+Mellon+University", "/search?query=cafe+pittsburgh&page=2",
        "/search?query=zzzz", "/search?query=%22%27%25*", "/search?query=40.4411,-79.9437", "/search?query=restaurants%20in%20Boston", "/query",
        "/query?lat=40.4441&lon=-79.9427", "/query?lat=10&lon=10", "/relation/2279034", "/relation/67213", "/relation/67213/history", "/way/154257484/",
        "/way/310000001", "/way/520000001", "/node/3318220761", "/node/10000000001", "/node/1", "/way/154257484/history", "/directions",
        "/directions?engine=fossgis_osrm_foot&route=40.4584,-80.0087;40.4441897,-79.9427192", "/directions?route_from=CMU&route_to=TD+Garden",
        "/directions?engine=fossgis_osrm_bicycle&route_from=Vinalhaven&route_to=nowhere+at+all", "/directions?from=40.44,-79.94",
        "/directions?route=40.44,-79.94;10,10", "/nominatim/search?q=CMU&format=json", "/nominatim/reverse?lat=40.44&lon=-79.94&format=json",
        "/osrm/routed-car/route/v1/driving/-79.9427192,40.4441897;-71.092,42.3597?overview=false&geometries=polyline&steps=true",
        "/osrm/routed-boat/route/v1/driving/1,1;2,2", "/history", "/changeset/131400001", "/traces", "/traces?page=2", "/traces/tag/cycling", "/traces/rss",
        "/user/footpath_fern", "/user/footpath_fern/traces", "/user/footpath_fern/history", "/user/footpath_fern/diary", "/user/nobody_here", "/diary",
        "/note/new?lat=40.44&lon=-79.94", "/note/1", "/about", "/copyright", "/help", "/welcome", "/fixthemap", "/export", "/edit", "/login",
        "/user/new", "/user/forgot-password", "/no/such/page",
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
