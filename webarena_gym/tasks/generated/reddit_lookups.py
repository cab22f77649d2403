"""Errands in the forum that end with an answer or on a page, and questions that have no answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from ..oracles.reddit.pages import open_forum, read_comments, seek_post, sort_by
from ..oracles.screen import Screen, click, stop
from ..schema import MilestoneSpec, Progress
from .family import Parameters, StoreOf
from .reddit_data import (
    COMMENT_SCORE,
    COMMENTS,
    SCORE,
    SEEDED,
    Doings,
    Reached,
    answers,
    answers_number,
    doings,
    errand,
    find_post,
    forum_at,
    forum_count,
    open_person,
    path_is,
    path_of,
    person_at,
    person_count,
    post_at,
    post_count,
    query_of,
    quoted,
    rows,
    says_not_available,
    shows,
)

_RATED, _DISCUSSED = f"{SCORE} > 1", f"{COMMENTS} > 1"
_MODES = {
    "New": "new",
    "Active": "active",
    "Top": "top",
    "Controversial": "controversial",
    "Most commented": "most_commented",
}
_RANGES = {"Past 24 hours": "day", "Past week": "week", "Past month": "month", "Past year": "year", "All time": "all"}


def searched(progress: Progress) -> bool:
    return path_of(progress) == "/search"


def _on_post(name: str, answered: Reached, parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("searched", searched),
        MilestoneSpec("post shown", shows("title")(parameters)),
        MilestoneSpec(name, answered),
    ]


# --- post_author, post_score, post_talk: what a list says of a post ---

_author_right, _score_right, _talk_right = answers("author"), answers_number("score"), answers_number("comments")


def _solve_author(screen: Screen) -> Iterator[str]:
    post = yield from find_post(screen, *quoted(screen))
    yield stop(post.author)


def _solve_score(screen: Screen) -> Iterator[str]:
    post = yield from find_post(screen, *quoted(screen))
    yield stop(str(post.score))


def _solve_talk(screen: Screen) -> Iterator[str]:
    post = yield from find_post(screen, *quoted(screen))
    yield stop(post.comments.name.split()[0])


def _scored(store: StoreOf, index: int) -> Parameters:
    return post_at(store, index, _RATED)


def _talked_about(store: StoreOf, index: int) -> Parameters:
    return post_at(store, index, _DISCUSSED)


# --- best_comment ---

_OF_POST = f"FROM comment c WHERE c.submission_id = s.id AND {SEEDED}"
# Of every third post, as this takes long to find out: few comments, and one of them better than all others.
_BEST = (
    f"s.id % 3 = 0 AND {COMMENTS} BETWEEN 3 AND 12 AND (SELECT count(*) {_OF_POST} AND {COMMENT_SCORE} = "
    f"(SELECT max({COMMENT_SCORE}) {_OF_POST})) = 1"
)


def _best_comment(store: StoreOf, index: int) -> Parameters:
    post = post_at(store, index, _BEST)
    ((author,),) = rows(
        store,
        f"SELECT u.name FROM comment c JOIN user u ON u.id = c.user_id WHERE c.submission_id = ? AND {SEEDED} "
        f"ORDER BY {COMMENT_SCORE} DESC LIMIT 1",
        post["id"],
    )
    return {**post, "best": author}


def _best_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("post opened", path_is(parameters["url"])),
        MilestoneSpec("author answered", answers("best")(parameters)),
    ]


def _solve_best(screen: Screen) -> Iterator[str]:
    post = yield from find_post(screen, *quoted(screen))
    yield click(post.comments)
    comments = yield from read_comments(screen)
    yield stop(max(comments, key=lambda comment: comment.score).author)


# --- newest_post ---


def _newest(store: StoreOf, index: int) -> Parameters:
    forum, _ = forum_at(store, index)
    ((title,),) = rows(
        store, "SELECT title FROM submission WHERE forum_id = ? AND user_id != 1 ORDER BY id DESC LIMIT 1", forum["forum_id"]
    )  # fmt: skip
    return {**forum, "newest": title}


def _newest_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("forum opened", lambda progress: path_of(progress).startswith(f"/f/{parameters['forum']}")),
        MilestoneSpec("newest first", path_is(f"/f/{parameters['forum']}/new")),
        MilestoneSpec("title answered", answers("newest")(parameters)),
    ]


def _solve_newest(screen: Screen) -> Iterator[str]:
    yield from open_forum(screen, quoted(screen)[0])
    yield from sort_by(screen, "New")
    post = yield from seek_post(screen, lambda post: True)
    yield stop(post.title)


# --- member_since ---


def _since(store: StoreOf, index: int) -> Parameters:
    person, _ = person_at(store, index)
    return {**person, "url": f"/user/{person['person']}"}


def _dates(seconds: int) -> set[str]:
    """A day as people write it."""
    day = dt.datetime.fromtimestamp(seconds, dt.UTC).date()
    return {
        f"{day:%B} {day.day}, {day.year}".lower(),
        f"{day.day} {day:%B} {day.year}".lower(),
        day.isoformat(),
        f"{day.month}/{day.day}/{day.year}",
    }


def _since_right(parameters: Parameters) -> Reached:
    dates = _dates(parameters["since"])
    return lambda progress: (progress.answer or "").strip(" .").lower() in dates


def _since_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("profile opened", path_is(parameters["url"])),
        MilestoneSpec("date answered", _since_right(parameters)),
    ]


def _solve_since(screen: Screen) -> Iterator[str]:
    yield from open_person(screen, quoted(screen)[0])
    yield from screen.read_all()  # the date stands beside the list, below it in the text
    yield stop(screen.find(r"Registered (\w+ \d+, \d{4})")[1])


# --- pages to show: post_open, forum_sort, forum_top, user_comments ---


def _stands_on(parameters: Parameters) -> Reached:
    return lambda progress: progress.answer is not None and path_of(progress) == parameters["url"]


def _open_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("post found", shows("title")(parameters)),
        MilestoneSpec("post opened", path_is(parameters["url"])),
    ]


def _solve_open(screen: Screen) -> Iterator[str]:
    post = yield from find_post(screen, *quoted(screen))
    yield click(post.comments)
    yield stop()


def _sorted(store: StoreOf, index: int) -> Parameters:
    forum, place = forum_at(store, index)
    mode, path = list(_MODES.items())[place]
    return {**forum, "mode": mode, "url": f"/f/{forum['forum']}/{path}"}


def _sort_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("forum opened", lambda progress: path_of(progress).startswith(f"/f/{parameters['forum']}")),
        MilestoneSpec("sorted", path_is(parameters["url"])),
    ]


def _solve_sort(screen: Screen) -> Iterator[str]:
    forum, mode = quoted(screen)
    yield from open_forum(screen, forum)
    yield from sort_by(screen, mode)
    yield stop()


def _ranged(store: StoreOf, index: int) -> Parameters:
    forum, place = forum_at(store, index)
    shown, time = list(_RANGES.items())[place]
    return {**forum, "range": shown, "time": time, "url": f"/f/{forum['forum']}/top"}


def _range_shown(parameters: Parameters) -> Reached:
    return lambda progress: (
        progress.answer is not None and path_of(progress) == parameters["url"] and query_of(progress).get("t") == parameters["time"]
    )  # fmt: skip


def _range_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("forum opened", lambda progress: path_of(progress).startswith(f"/f/{parameters['forum']}")),
        MilestoneSpec("top shown", path_is(parameters["url"])),
        MilestoneSpec("range shown", _range_shown(parameters)),
    ]


def _solve_range(screen: Screen) -> Iterator[str]:
    forum, time = quoted(screen)
    yield from open_forum(screen, forum)
    yield from sort_by(screen, "Top")
    yield screen.click("button", "From: ")
    yield screen.click("link", time)
    yield stop()


def _listed(store: StoreOf, index: int) -> Parameters:
    person, _ = person_at(store, index)
    return {**person, "url": f"/user/{person['person']}/comments"}


def _listed_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [
        MilestoneSpec("profile opened", lambda progress: path_of(progress).startswith(f"/user/{parameters['person']}")),
        MilestoneSpec("comments listed", path_is(parameters["url"])),
    ]


def _solve_listed(screen: Screen) -> Iterator[str]:
    yield from open_person(screen, quoted(screen)[0])
    yield screen.click("link", "Comments")
    yield stop()


# --- what is not there: post_unknown, forum_unknown ---


def _unknown_post(store: StoreOf, index: int) -> Parameters:
    """The second half of one post's title behind the first half of another's, in a forum of neither."""
    count = post_count()(store)
    first = post_at(store, index)["title"].split()
    second = post_at(store, (index * 13 + 7) % count)["title"].split()
    forum, _ = forum_at(store, index % forum_count()(store))
    return {**forum, "title": " ".join([*first[: len(first) // 2], *second[len(second) // 2 :]])}


def _unknown_forum(store: StoreOf, index: int) -> Parameters:
    """A name like a forum's, which none has."""
    forum, place = forum_at(store, index)
    return {"forum": forum["forum"] + ("fans", "talk", "daily")[place]}


def _looked(parameters: Parameters) -> Reached:
    """Where the answer is given, the page shows that a search found no such thing, or the list of all forums."""
    title = parameters.get("title")

    def reached(progress: Progress) -> bool:
        if title is None:
            return path_of(progress).startswith("/forums")
        return searched(progress) and _shared(query_of(progress).get("q", ""), title) >= min(3, len(title.split()))

    return reached


def _shared(one: str, other: str) -> int:
    return len(set(re.findall(r"\w+", one.lower())) & set(re.findall(r"\w+", other.lower())))


def _not_found(parameters: Parameters) -> Reached:
    looked = _looked(parameters)
    return lambda progress: says_not_available(progress) and looked(progress) and doings(progress) == Doings()


def _unknown_milestones(parameters: Parameters) -> list[MilestoneSpec]:
    return [MilestoneSpec("looked", _looked(parameters)), MilestoneSpec("said so", says_not_available)]


def _solve_unknown_post(screen: Screen) -> Iterator[str]:
    yield screen.fill("searchbox", "Search query", quoted(screen)[0], enter=True)
    yield stop("N/A")


def _solve_unknown_forum(screen: Screen) -> Iterator[str]:
    yield screen.click("link", "Forums")
    yield screen.click("link", "Alphabetical")
    known: Sequence[str] = [link.name for link in screen.all("link")]
    assert quoted(screen)[0] not in known
    yield stop("N/A")


FAMILIES = (
    errand(
        "post_author",
        (
            'Who submitted the post "{title}" in the forum "{forum}"?',
            'Look up "{title}" in "{forum}" and tell me its author.',
            'I read "{title}" on "{forum}". What is the name of whoever posted it?',
        ),
        post_count(), post_at, _author_right, lambda p: _on_post("author answered", _author_right(p), p), _solve_author, 2,
    ),
    errand(
        "post_score",
        (
            'What is the score of the post "{title}" in the forum "{forum}"?',
            'Tell me how many points "{title}" in "{forum}" has.',
            'How is "{title}" on "{forum}" rated? Give the score as a number.',
        ),
        post_count(_RATED), _scored, _score_right, lambda p: _on_post("score answered", _score_right(p), p), _solve_score, 2,
    ),
    errand(
        "post_talk",
        (
            'How many comments does the post "{title}" in the forum "{forum}" have?',
            'Give me the number of comments on "{title}" in "{forum}".',
            'Was "{title}" on "{forum}" discussed much? Answer with the number of comments.',
        ),
        post_count(_DISCUSSED), _talked_about, _talk_right, lambda p: _on_post("number answered", _talk_right(p), p), _solve_talk, 2,
    ),
    errand(
        "best_comment",
        (
            'Who wrote the comment with the highest score on the post "{title}" in the forum "{forum}"?',
            'Open "{title}" in "{forum}" and tell me the author of its best rated comment.',
            'On "{title}" in "{forum}", whose comment got the most points?',
        ),
        post_count(_BEST), _best_comment, answers("best"), _best_milestones, _solve_best, 3,
    ),
    errand(
        "newest_post",
        (
            'What is the title of the newest post in the forum "{forum}"?',
            'Sort the forum "{forum}" by new and tell me the title of the first post.',
            'Which post was submitted last in "{forum}"? Give its whole title.',
        ),
        forum_count(), _newest, answers("newest"), _newest_milestones, _solve_newest, 6,
    ),
    errand(
        "member_since",
        (
            'When did the user "{person}" register?',
            'Tell me the date on which "{person}" joined the forum.',
            'Since what day has "{person}" had an account here?',
        ),
        person_count(), _since, _since_right, _since_milestones, _solve_since, 2,
    ),
    errand(
        "post_open",
        (
            'Open the post "{title}" of the forum "{forum}" with its comments.',
            'Show me the discussion of "{title}" in "{forum}".',
            'Bring up the comments page of "{title}" in the forum "{forum}".',
        ),
        post_count(), post_at, _stands_on, _open_milestones, _solve_open, 3,
    ),
    errand(
        "forum_sort",
        (
            'Show the forum "{forum}" sorted by "{mode}".',
            'Open "{forum}" and let it list its posts by "{mode}".',
            'I want to see the posts of "{forum}" in the order "{mode}".',
        ),
        forum_count(len(_MODES)), _sorted, _stands_on, _sort_milestones, _solve_sort, 6,
    ),
    errand(
        "forum_top",
        (
            'Show the top posts of the forum "{forum}" from "{range}".',
            'List what scored best in "{forum}" within "{range}".',
            'Open "{forum}", sort it by top, and set the time to "{range}".',
        ),
        forum_count(len(_RANGES)), _ranged, _range_shown, _range_milestones, _solve_range, 8, heldout=True,
    ),
    errand(
        "user_comments",
        (
            'Show all comments of the user "{person}".',
            'Open the list of comments that "{person}" wrote.',
            'I want to read what "{person}" commented: bring up the list.',
        ),
        person_count(), _listed, _stands_on, _listed_milestones, _solve_listed, 3,
    ),
    errand(
        "post_unknown",
        (
            'Who wrote "{title}" in the forum "{forum}"? Answer N/A if a search shows no such post.',
            'Search for the post "{title}" of "{forum}" and name its author, or answer N/A if there is none.',
            'Find out who submitted "{title}" to "{forum}"; if it does not exist, say N/A.',
        ),
        post_count(), _unknown_post, _not_found, _unknown_milestones, _solve_unknown_post, 2,
    ),
    errand(
        "forum_unknown",
        (
            'Subscribe to the forum "{forum}"; answer N/A if the list of forums has none of that name.',
            'Look in the list of forums for "{forum}" and subscribe, or answer N/A if it is not there.',
            'I want to follow "{forum}". Check the list of forums, and say N/A if it does not exist.',
        ),
        forum_count(3), _unknown_forum, _not_found, _unknown_milestones, _solve_unknown_forum, 3, heldout=True,
    ),
)  # fmt: skip
