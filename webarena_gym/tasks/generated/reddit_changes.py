"""Errands in the forum that change something: votes, comments, posts, subscriptions, messages, forums, and several of them at once."""

from __future__ import annotations

from collections.abc import Iterator

from ..oracles.reddit.pages import open_forum, open_own_page, open_post_form, submit
from ..oracles.screen import Screen, click, stop
from ..schema import MilestoneSpec
from .family import Parameters, StoreOf
from .reddit_data import (
    NAMES,
    REMARKS,
    TITLES,
    Doings,
    did,
    errand,
    find_post,
    forum_at,
    forum_count,
    headline,
    holds,
    new_name,
    open_person,
    path_is,
    path_of,
    person_at,
    person_count,
    post_at,
    post_count,
    quoted,
    remark,
    shows,
)
from .reddit_lookups import searched

_VOTES = {"Upvote": 1, "Downvote": -1}


# --- post_vote, post_votes ---


def _vote(store: StoreOf, index: int) -> Parameters:
    return {**post_at(store, index // 2), "vote": list(_VOTES)[index % 2], "choice": 1 - 2 * (index % 2)}


def _votes_of(parameters: Parameters) -> dict[str, object]:
    return {"votes": frozenset({("s", parameters["id"], parameters["choice"])})}


def _vote_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("post shown", shows("title")(parameters)),
        holds("voted", "votes", ("s", parameters["id"], parameters["choice"])),
    ]


def _vote_on(screen: Screen, title: str, forum: str, *, up: bool) -> Iterator[str]:
    post = yield from find_post(screen, title, forum)
    yield click(post.up if up else post.down)


def _solve_vote(screen: Screen) -> Iterator[str]:
    title, forum, vote = quoted(screen)
    yield from _vote_on(screen, title, forum, up=vote == "Upvote")
    yield stop()


def _two_votes(store: StoreOf, index: int) -> Parameters:
    count = post_count()(store)
    liked, other = post_at(store, index), post_at(store, (index * 17 + 5) % count)
    if liked["id"] == other["id"]:
        other = post_at(store, (index + 1) % count)
    names = ("id", "title", "forum")
    return {**{f"liked_{n}": liked[n] for n in names}, **{f"other_{n}": other[n] for n in names}}


def _two_votes_of(parameters: Parameters) -> dict[str, object]:
    return {"votes": frozenset({("s", parameters["liked_id"], 1), ("s", parameters["other_id"], -1)})}


def _two_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        holds("first vote", "votes", ("s", parameters["liked_id"], 1)),
        holds("second vote", "votes", ("s", parameters["other_id"], -1)),
    ]


def _solve_two(screen: Screen) -> Iterator[str]:
    liked, liked_forum, other, other_forum = quoted(screen)
    yield from _vote_on(screen, liked, liked_forum, up=True)
    yield from _vote_on(screen, other, other_forum, up=False)
    yield stop()


# --- post_comment, forum_subscribe, forum_hide ---


def _comment(store: StoreOf, index: int) -> Parameters:
    return {**post_at(store, index), "text": remark(index * 7)}


def _comments_of(parameters: Parameters) -> dict[str, object]:
    return {"comments": frozenset({(parameters["id"], parameters["text"], None)})}


def _comment_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("post opened", path_is(parameters["url"])),
        holds("commented", "comments", (parameters["id"], parameters["text"], None)),
    ]


def _solve_comment(screen: Screen) -> Iterator[str]:
    text, title, forum = quoted(screen)
    post = yield from find_post(screen, title, forum)
    yield click(post.comments)
    yield from _write_comment(screen, text)
    yield stop()


def _write_comment(screen: Screen, text: str) -> Iterator[str]:
    yield screen.fill("textbox", "Comment", text)
    yield from screen.follow("button", "Post")


def _forum(store: StoreOf, index: int) -> Parameters:
    return forum_at(store, index)[0]


def _subscription_of(parameters: Parameters) -> dict[str, object]:
    return {"subscriptions": Doings().subscriptions | {parameters["forum"]}}


def _in_forum(parameters: Parameters) -> MilestoneSpec:
    return MilestoneSpec("forum opened", lambda progress: path_of(progress).startswith(f"/f/{parameters['forum']}"))


def _subscribe_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_in_forum(parameters), holds("subscribed", "subscriptions", parameters["forum"])]


def _solve_subscribe(screen: Screen) -> Iterator[str]:
    yield from open_forum(screen, quoted(screen)[0])
    yield from screen.follow("button", "Subscribe")
    yield stop()


def _hide_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_in_forum(parameters), holds("hidden", "hidden", parameters["forum"])]


def _solve_hide(screen: Screen) -> Iterator[str]:
    yield from open_forum(screen, quoted(screen)[0])
    yield from screen.follow("button", "Hide this forum")
    yield from screen.read_all()
    yield click(next(button for button in screen.all("button") if button.name == "Hide"))
    yield stop()


# --- text_post, link_post ---


def _text(store: StoreOf, index: int) -> Parameters:
    forum, place = forum_at(store, index)
    # Counted on within a forum, so that none gets the same title twice.
    return {**forum, "title": headline(place + 13 * forum["forum_id"]), "body": remark(index + 5 * place), "url": ""}


def _link(store: StoreOf, index: int) -> Parameters:
    forum, place = forum_at(store, index)
    title = headline(index * 5 + place)
    return {**forum, "title": title, "body": "", "url": f"https://notes.example/{forum['forum'].lower()}/{index}"}


def _new_post(parameters: Parameters) -> tuple[str, str, str, str]:
    return parameters["forum"], parameters["title"], parameters["url"], parameters["body"]


def _posts_of(parameters: Parameters) -> dict[str, object]:
    return {"posts": frozenset({_new_post(parameters)})}


def _form_opened() -> MilestoneSpec:
    return MilestoneSpec("form opened", lambda progress: path_of(progress).startswith("/submit"))


def _post_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_form_opened(), holds("posted", "posts", _new_post(parameters))]


def _solve_text(screen: Screen) -> Iterator[str]:
    title, body, forum = quoted(screen)
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, body=body)
    yield stop()


def _solve_link(screen: Screen) -> Iterator[str]:
    url, title, forum = quoted(screen)
    yield from open_post_form(screen)
    yield from submit(screen, forum, title, url=url)
    yield stop()


# --- biography_set, user_message, user_block ---


def _biography(store: StoreOf, index: int) -> Parameters:
    return {"text": f"{headline(index)} {remark(index * 5)}"}


def _biography_of(parameters: Parameters) -> dict[str, object]:
    return {"biography": parameters["text"]}


def _biography_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("form opened", lambda progress: path_of(progress).endswith("/edit_biography")),
        MilestoneSpec("saved", did(_biography_of)(parameters), reads_state=True),
    ]


def _solve_biography(screen: Screen) -> Iterator[str]:
    yield from open_own_page(screen)
    yield from screen.follow("link", "Edit biography")
    yield screen.fill("textbox", "Biography", quoted(screen)[0])
    yield from screen.follow("button", "Save")
    yield stop()


def _message(store: StoreOf, index: int) -> Parameters:
    person, place = person_at(store, index)
    return {**person, "text": remark(person["person_id"] + place)}


def _messages_of(parameters: Parameters) -> dict[str, object]:
    return {"messages": frozenset({(parameters["person"], parameters["text"])})}


def _at_person(parameters: Parameters) -> MilestoneSpec:
    return MilestoneSpec(
        "profile opened", lambda progress: path_of(progress).startswith(f"/user/{parameters['person']}")
    )


def _message_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_at_person(parameters), holds("sent", "messages", (parameters["person"], parameters["text"]))]


def _solve_message(screen: Screen) -> Iterator[str]:
    text, person = quoted(screen)
    yield from open_person(screen, person)
    yield from _send(screen, text)
    yield stop()


def _send(screen: Screen, text: str) -> Iterator[str]:
    yield from screen.follow("link", "Send message")
    yield screen.fill("textbox", "Message", text)
    yield from screen.follow("button", "Send")


def _person(store: StoreOf, index: int) -> Parameters:
    return person_at(store, index)[0]


def _block_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_at_person(parameters), holds("blocked", "blocked", parameters["person"])]


def _solve_block(screen: Screen) -> Iterator[str]:
    yield from open_person(screen, quoted(screen)[0])
    yield from screen.follow("link", "Block user")
    yield from screen.follow("button", "Block")
    yield stop()


# --- forum_create, forum_start ---


def _new_forum(store: StoreOf, index: int) -> Parameters:
    name = new_name(index)
    return {"forum": name, "name_shown": name.replace("_", " "), "about": headline(index), "rules": remark(index * 5)}


def _forum_row(parameters: Parameters) -> tuple[str, str, str, str]:
    return parameters["forum"], parameters["name_shown"], parameters["about"], parameters["rules"]


def _forums_of(parameters: Parameters) -> dict[str, object]:
    return {"forums": frozenset({_forum_row(parameters)}), **_subscription_of(parameters)}


def _forum_form() -> MilestoneSpec:
    return MilestoneSpec("form opened", path_is("/create_forum"))


def _create_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [_forum_form(), holds("created", "forums", _forum_row(parameters))]


def _create(screen: Screen, name: str, title: str, about: str, rules: str) -> Iterator[str]:
    yield screen.click("link", "Forums")
    yield screen.click("link", "Create forum")
    for field, text in (("Name", name), ("Title", title), ("Description", about), ("Sidebar", rules)):
        yield screen.fill("textbox", field, text)
    yield from screen.follow("button", "Create forum")


def _solve_create(screen: Screen) -> Iterator[str]:
    yield from _create(screen, *quoted(screen))
    yield stop()


def _started(store: StoreOf, index: int) -> Parameters:
    return {**_new_forum(store, index), "title": headline(index + 9), "body": remark(index + 2), "url": ""}


def _start_of(parameters: Parameters) -> dict[str, object]:
    return {**_forums_of(parameters), **_posts_of(parameters)}


def _start_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_create_milestones(parameters), holds("posted", "posts", _new_post(parameters))]


def _solve_start(screen: Screen) -> Iterator[str]:
    name, title, about, rules, post, body = quoted(screen)
    yield from _create(screen, name, title, about, rules)
    yield screen.click("link", "Submit")
    yield from submit(screen, name, post, body=body)
    yield stop()


# --- post_support, forum_join ---


def _support(store: StoreOf, index: int) -> Parameters:
    return {**_comment(store, index), "message": remark(index * 3 + 1)}


def _support_of(parameters: Parameters) -> dict[str, object]:
    return {
        "votes": frozenset({("s", parameters["id"], 1)}),
        **_comments_of(parameters),
        "messages": frozenset({(parameters["author"], parameters["message"])}),
    }


def _support_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        holds("voted", "votes", ("s", parameters["id"], 1)),
        holds("commented", "comments", (parameters["id"], parameters["text"], None)),
        holds("sent", "messages", (parameters["author"], parameters["message"])),
    ]


def _solve_support(screen: Screen) -> Iterator[str]:
    title, forum, text, message = quoted(screen)
    post = yield from find_post(screen, title, forum)
    yield click(post.comments)
    yield screen.click("button", "Upvote")
    yield from _write_comment(screen, text)
    yield screen.click("link", post.author)
    yield from _send(screen, message)
    yield stop()


def _joined(store: StoreOf, index: int) -> Parameters:
    return _text(store, index)


def _join_of(parameters: Parameters) -> dict[str, object]:
    return {**_subscription_of(parameters), **_posts_of(parameters)}


def _join_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [*_subscribe_milestones(parameters), holds("posted", "posts", _new_post(parameters))]


def _solve_join(screen: Screen) -> Iterator[str]:
    forum, title, body = quoted(screen)
    yield from open_forum(screen, forum)
    yield from screen.follow("button", "Subscribe")
    yield screen.click("link", "Submit")
    yield from submit(screen, forum, title, body=body)
    yield stop()


FAMILIES = (
    errand(
        "post_vote",
        (
            'Find the post "{title}" in the forum "{forum}" and press "{vote}".',
            'Look for "{title}" of "{forum}" and give it this vote: "{vote}".',
            'The post "{title}" in "{forum}" deserves my vote: "{vote}".',
        ),
        post_count(times=2), _vote, did(_votes_of), _vote_milestones, _solve_vote, 3,
    ),
    errand(
        "post_votes",
        (
            'Upvote "{liked_title}" in the forum "{liked_forum}" and downvote "{other_title}" in "{other_forum}".',
            'Vote for the post "{liked_title}" of "{liked_forum}", and against "{other_title}" of "{other_forum}".',
            'Like "{liked_title}" on "{liked_forum}", then dislike "{other_title}" on "{other_forum}".',
        ),
        post_count(), _two_votes, did(_two_votes_of), _two_milestones, _solve_two, 5,
    ),
    errand(
        "post_comment",
        (
            'Comment "{text}" on the post "{title}" in the forum "{forum}".',
            'Write "{text}" below "{title}" of "{forum}".',
            'Leave the comment "{text}" on "{title}" in "{forum}".',
        ),
        post_count(), _comment, did(_comments_of), _comment_milestones, _solve_comment, 5,
    ),
    errand(
        "forum_subscribe",
        ('Subscribe to the forum "{forum}".', 'Let me follow "{forum}": subscribe to it.', 'Add "{forum}" to my subscriptions.'),
        forum_count(), _forum, did(_subscription_of), _subscribe_milestones, _solve_subscribe, 5,
    ),
    errand(
        "forum_hide",
        ('Hide the forum "{forum}" from my lists.', 'I do not want to see "{forum}" any more: hide it.', 'Set the forum "{forum}" to hidden.'),
        forum_count(), _forum, did(lambda p: {"hidden": frozenset({p["forum"]})}), _hide_milestones, _solve_hide, 6, heldout=True,
    ),
    errand(
        "text_post",
        (
            'Create a post titled "{title}" with the body "{body}" in the forum "{forum}".',
            'Submit "{title}" and below it the text "{body}" to "{forum}".',
            'Start a discussion "{title}" that says "{body}" in "{forum}".',
        ),
        forum_count(40), _text, did(_posts_of), _post_milestones, _solve_text, 6,
    ),
    errand(
        "link_post",
        (
            'Submit the address "{url}" under the title "{title}" to the forum "{forum}".',
            'Share "{url}" as "{title}" in "{forum}".',
            'Post a link to "{url}" titled "{title}" in the forum "{forum}".',
        ),
        forum_count(40), _link, did(_posts_of), _post_milestones, _solve_link, 6, heldout=True,
    ),
    errand(
        "biography_set",
        ('Set my biography to "{text}"', 'My profile should say "{text}" about me.', 'Replace the biography on my profile by "{text}"'),
        lambda store: TITLES, _biography, did(_biography_of), _biography_milestones, _solve_biography, 6,
    ),
    errand(
        "user_message",
        ('Send the message "{text}" to "{person}".', 'Write "{text}" in a private message to the user "{person}".', 'Tell "{text}" by message to "{person}".'),
        person_count(len(REMARKS)), _message, did(_messages_of), _message_milestones, _solve_message, 5,
    ),
    errand(
        "user_block",
        ('Block the user "{person}".', 'I want to see nothing of "{person}": block them.', 'Put "{person}" on my block list.'),
        person_count(), _person, did(lambda p: {"blocked": frozenset({p["person"]})}), _block_milestones, _solve_block, 4,
    ),
    errand(
        "forum_create",
        (
            'Create a forum named "{forum}" with the title "{name_shown}", the description "{about}" and the sidebar "{rules}"',
            'Make a new forum "{forum}", titled "{name_shown}", described as "{about}", whose sidebar says "{rules}"',
            'I need a forum "{forum}" (title "{name_shown}", description "{about}", sidebar "{rules}").',
        ),
        lambda store: NAMES, _new_forum, did(_forums_of), _create_milestones, _solve_create, 8,
    ),
    errand(
        "forum_start",
        (
            'Create a forum named "{forum}" with the title "{name_shown}", the description "{about}" and the sidebar "{rules}", and post "{title}" there with the body "{body}"',
            'Make a new forum "{forum}", titled "{name_shown}", described as "{about}", whose sidebar says "{rules}". Then submit "{title}" to it, with the text "{body}"',
            'I need a forum "{forum}" (title "{name_shown}", description "{about}", sidebar "{rules}") and in it a first post "{title}" that says "{body}"',
        ),
        lambda store: NAMES, _started, did(_start_of), _start_milestones, _solve_start, 13,
    ),
    errand(
        "forum_join",
        (
            'Subscribe to the forum "{forum}" and post "{title}" there with the body "{body}"',
            'Follow "{forum}", then submit "{title}" to it with the text "{body}"',
            'Join "{forum}" by subscribing, and start a discussion "{title}" there that says "{body}"',
        ),
        forum_count(40), _joined, did(_join_of), _join_milestones, _solve_join, 10,
    ),
    errand(
        "post_support",
        (
            'Upvote the post "{title}" in the forum "{forum}", comment "{text}" on it, and send its author the message "{message}"',
            'Vote for "{title}" of "{forum}", write "{text}" below it, and tell whoever posted it "{message}" by private message',
            'Like "{title}" on "{forum}", leave the comment "{text}", and message the author: "{message}"',
        ),
        post_count(), _support, did(_support_of), _support_milestones, _solve_support, 10,
    ),
)  # fmt: skip
