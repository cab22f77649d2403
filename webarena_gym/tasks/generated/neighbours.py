"""``neighbours``: which generated tasks are near one, for curricula that make new tasks from failed ones.

Near are tasks of the same family with nearby parameters, and of the families next to it in a chain of errands that grow
step by step. The entry-point group ``webarena_gym.task_neighbours`` offers it to training.
"""

from __future__ import annotations

import re

# Each family's errand is a part of the next one's, or one change more on the same pages.
CHAINS = (
    ("category_open", "category_sorted"),
    ("product_unknown", "product_price", "product_sku", "review_count", "review_write"),
    ("order_unknown", "order_fact"),
    ("cart_add", "cart_pair", "cart_coupon", "order_one", "order_several"),
    ("phone_change", "address_change"),
    ("admin_order_open", "admin_order_fact", "admin_order_comment", "admin_order_cancel", "admin_order_ship",
     "admin_order_readdress"),
    ("admin_product_open", "admin_product_price", "admin_price_set", "admin_stock_set", "admin_product_rework"),
    ("admin_customer_fact", "admin_customer_group"),
    ("project_stars", "project_star"),
    ("profile_show", "user_follow"),
    ("issue_show", "issue_author", "issue_comment"),
    ("member_unknown", "member_role", "member_invite"),
    ("place_unknown", "place_postcode", "place_phone", "place_hours"),
    ("search_near", "nearest_place"),
    ("show_way", "way_distance", "way_time", "nearer_goal", "time_saved"),
    ("post_unknown", "post_author", "post_open", "best_comment", "post_comment", "post_support"),
    ("post_vote", "post_votes"),
    ("forum_subscribe", "forum_join"),
    ("forum_create", "forum_start"),
    ("member_since", "user_comments", "user_message", "user_block"),
)  # fmt: skip
REACH = 30  # how far the number of a nearby task of the same family may lie
_NEXT = 10  # and of one from a neighbouring family, so that most proposals stay with what was failed

_ID = re.compile(r"([a-z_]+)-(\d+)")


def neighbours(task_id: int | str) -> list[str]:
    """The ids of nearby tasks, whether or not a site has data for each; none for official tasks.

    >>> near = neighbours("post_vote-000040")
    >>> near[0], near[-1], len(near)
    ('post_vote-000010', 'post_votes-000050', 81)
    """
    match = _ID.fullmatch(str(task_id))
    if match is None:
        return []
    family, number, width = match[1], int(match[2]), len(match[2])
    found = [(family, other) for other in _around(number, REACH) if other != number]
    for chain in CHAINS:
        if family in chain:
            place = chain.index(family)
            for beside in (*chain[max(0, place - 1) : place], *chain[place + 1 : place + 2]):
                found += [(beside, other) for other in _around(number, _NEXT)]
    return [f"{name}-{other:0{width}d}" for name, other in found]


def _around(number: int, reach: int) -> range:
    return range(max(0, number - reach), number + reach + 1)
