"""What errands in the forum are about: posts, forums and people of the seed data that no official task speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..oracles.reddit.pages import Post, seek_post
from ..oracles.screen import Finding, Screen
from ..schema import MilestoneSpec, Progress
from .family import Family, Parameters, StoreOf

Reached = Callable[[Progress], bool]

ME = 1  # who is signed in
_TODAY = 1_686_578_400  # 12 June 2023, 14:00, in seconds since 1970: everything of the seed is older
_OFFICIAL_FORUMS = (
    "books", "Showerthoughts", "personalfinance", "DIY", "nyc", "consoles", "gaming", "games", "iphone", "iphone13", "sports", "technology",
    "gadgets", "EarthPorn", "UpliftingNews", "television", "movies", "MachineLearning", "deeplearning", "singularity", "funny", "pics",
)  # fmt: skip
_OFFICIAL_PEOPLE = ("MarvelsGrantMan136", "CameronKelsey", "AdamCannon", "Hammer94", "quiet_kettle", "ziostraccette")
_EMPTY_FORUMS = ("birdwatching", "chess", "sundials")  # to which the user subscribes


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_FORUMS = f"FROM forum f WHERE f.created < {_TODAY} AND f.name NOT IN ({_listed((*_OFFICIAL_FORUMS, *_EMPTY_FORUMS))})"
_POSTS = (
    "FROM submission s JOIN forum f ON f.id = s.forum_id JOIN user u ON u.id = s.user_id "
    f"WHERE s.created < {_TODAY} AND length(s.title) BETWEEN 20 AND 100 AND s.title NOT LIKE '%\"%' AND s.title NOT LIKE '%{{%' "
    f"AND f.name NOT IN ({_listed(_OFFICIAL_FORUMS)}) AND u.name NOT IN ({_listed(_OFFICIAL_PEOPLE)})"
)
_PEOPLE = f"FROM user u WHERE u.created < {_TODAY} AND u.name NOT IN ({_listed(_OFFICIAL_PEOPLE)})"
# What others gave a post; the user of the tasks has no votes there but those of the episode.
SCORE = f"s.score - coalesce((SELECT choice FROM vote WHERE user_id = {ME} AND kind = 's' AND target_id = s.id), 0)"
# Of a comment c of the seed, likewise.
COMMENT_SCORE = (
    "(c.score - coalesce((SELECT choice FROM vote WHERE user_id = 1 AND kind = 'c' AND target_id = c.id), 0))"
)
SEEDED = f"c.created < {_TODAY}"
COMMENTS = f"(SELECT count(*) FROM comment c WHERE c.submission_id = s.id AND c.created < {_TODAY})"


def rows(store: StoreOf, sql: str, *values: int | str) -> list[tuple[Any, ...]]:
    """What the site's tables hold."""
    return [tuple(row) for row in store("reddit").connection.execute(sql, values)]


# --- parameters ---


def _counted(source: str, times: int = 1) -> Callable[[StoreOf], int]:
    """How many rows ``source``, a query from its FROM on, has; ``times`` parameter sets of each."""
    return lambda store: times * rows(store, f"SELECT count(*) {source}")[0][0]


def post_count(condition: str = "1", times: int = 1) -> Callable[[StoreOf], int]:
    return _counted(f"{_POSTS} AND {condition}", times)


def post_at(store: StoreOf, index: int, condition: str = "1") -> dict[str, Any]:
    """The ``index``-th post of others. ``url`` is its own page's path; score and comments are those of the seed."""
    columns = f"s.id, s.title, s.slug, f.name, u.name, {SCORE}, {COMMENTS}"
    ((id, title, slug, forum, author, score, comments),) = rows(
        store, f"SELECT {columns} {_POSTS} AND {condition} ORDER BY s.id LIMIT 1 OFFSET ?", index
    )
    return {
        "id": id, "title": title, "forum": forum, "author": author, "score": score, "comments": comments, "url": f"/f/{forum}/{id}/{slug}",
    }  # fmt: skip


def forum_count(times: int = 1) -> Callable[[StoreOf], int]:
    return _counted(_FORUMS, times)


def forum_at(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """A forum, and which of its parameter sets this is."""
    place, index = divmod(index, forum_count()(store))
    ((id, name),) = rows(store, f"SELECT f.id, f.name {_FORUMS} ORDER BY f.id LIMIT 1 OFFSET ?", index)
    return {"forum_id": id, "forum": name}, place


def person_count(times: int = 1) -> Callable[[StoreOf], int]:
    return _counted(_PEOPLE, times)


def person_at(store: StoreOf, index: int) -> tuple[dict[str, Any], int]:
    """Somebody else, and which of their parameter sets this is."""
    place, index = divmod(index, person_count()(store))
    ((id, name, since),) = rows(
        store, f"SELECT u.id, u.name, u.created {_PEOPLE} ORDER BY u.id LIMIT 1 OFFSET ?", index
    )
    return {"person_id": id, "person": name, "since": since}, place


# --- texts of one's own ---

_SUBJECTS = (
    "a rain barrel", "old postcards", "a folding ladder", "night buses", "a brass band", "paper maps", "window boxes", "a lost glove", "corner shops",
    "a slow cooker", "tide tables", "a spare key", "street trees", "a tin whistle", "wool socks", "a bread oven", "milk bottles", "a garden gate",
)  # fmt: skip
_QUESTIONS = (
    "Who else likes {}?", "What do you do with {}?", "Where would you look for {}?", "My story of {}", "Three things about {}", "Looking for {}",
    "Is there a good book on {}?", "A short note on {}",
)  # fmt: skip
REMARKS = (
    "This made my day.", "Could you say more about the second part?", "I saw the same last week.", "Thanks, I will try that.", "Not what I expected at all.",
    "My neighbor says the opposite.", "Does it work in winter too?", "I would wait for a year.", "Well written, thank you.", "Count me in.",
    "That is a long way to go.", "I kept a copy of this.",
)  # fmt: skip
_QUALITIES = "amber brisk calm deep eager frosty gentle hollow ivory jolly keen little mellow narrow open plain".split()
_NOUNS = (
    "attics bridges candles drums engines ferries gardens harbors islands journals kettles lanterns meadows".split()
)
TITLES = len(_SUBJECTS) * len(_QUESTIONS)
NAMES = len(_QUALITIES) * len(_NOUNS)


def headline(index: int) -> str:
    """The title of a new post; another one for each of the first ``TITLES`` numbers."""
    return _QUESTIONS[index % len(_QUESTIONS)].format(_SUBJECTS[index // len(_QUESTIONS) % len(_SUBJECTS)])


def remark(index: int) -> str:
    return REMARKS[index % len(REMARKS)]


def new_name(index: int) -> str:
    """A forum's name that none has; another one for each of the first ``NAMES`` numbers."""
    return f"{_QUALITIES[index % len(_QUALITIES)]}_{_NOUNS[index // len(_QUALITIES) % len(_NOUNS)]}"


# --- predicates ---


def path_of(progress: Progress) -> str:
    return urlsplit(progress.url).path.rstrip("/") or "/"


def path_is(path: str) -> Reached:
    return lambda progress: path_of(progress) == path


def query_of(progress: Progress) -> dict[str, str]:
    """The last value of each parameter of the page's address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(progress.url).query).items()}


def shows(*names: str) -> Callable[[Parameters], Reached]:
    """The page has all of these parameters in its text."""
    return lambda parameters: lambda progress: all(str(parameters[name]) in progress.text for name in names)


def answers(name: str) -> Callable[[Parameters], Reached]:
    """The answer is this parameter and nothing else."""
    return lambda parameters: lambda progress: _plain(progress.answer or "") == _plain(str(parameters[name]))


def answers_number(name: str) -> Callable[[Parameters], Reached]:
    """The answer holds this number and no other."""

    def made(parameters: Parameters) -> Reached:
        wanted = [str(parameters[name])]
        return lambda progress: re.findall(r"-?\d+", (progress.answer or "").replace("−", "-")) == wanted

    return made


def says_not_available(progress: Progress) -> bool:
    """The answer is N/A or says that there is no such thing, and nothing else."""
    return re.sub(r"[^a-z ]", "", (progress.answer or "").lower()).strip() in (
        "na",
        "not available",
        "none",
        "no such forum",
        "no such post",
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .\"'")


@dataclass(frozen=True, slots=True)
class Doings:
    """All that the user changed on the site since it was built, so that what nobody asked for is noticed."""

    votes: frozenset[tuple[str, int, int]] = frozenset()
    """Kind ("s" or "c"), id and choice, of other people's posts and comments."""
    posts: frozenset[tuple[str, str, str, str]] = frozenset()
    """Forum, title, URL and body."""
    comments: frozenset[tuple[int, str, int | None]] = frozenset()
    """Submission, text, and the comment that is answered."""
    subscriptions: frozenset[str] = frozenset(_EMPTY_FORUMS)
    hidden: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    messages: frozenset[tuple[str, str]] = frozenset()
    """Receiver and text."""
    forums: frozenset[tuple[str, str, str, str]] = frozenset()
    """Name, title, description and side bar."""
    biography: str = "t2_5adwlxvn"


_OWN_VOTE = (
    "(kind = 's' AND EXISTS (SELECT 1 FROM submission s WHERE s.id = target_id AND s.user_id = v.user_id)) OR "
    "(kind = 'c' AND EXISTS (SELECT 1 FROM comment c WHERE c.id = target_id AND c.user_id = v.user_id))"
)


def doings(progress: Progress) -> Doings:
    """What the user has done so far."""

    def found(sql: str) -> frozenset[tuple[Any, ...]]:
        return frozenset(rows(progress.store, sql.format(me=ME, today=_TODAY)))

    def names(sql: str) -> frozenset[str]:
        return frozenset(name for (name,) in found(sql))

    new = "user_id = {me} AND {table}.created >= {today} AND visibility = 'visible'"
    return Doings(
        votes=found(f"SELECT kind, target_id, choice FROM vote v WHERE user_id = {{me}} AND NOT ({_OWN_VOTE})"),
        posts=found(
            "SELECT f.name, submission.title, url, body FROM submission JOIN forum f ON f.id = forum_id WHERE " + new.replace("{table}", "submission")
        ),
        comments=found("SELECT submission_id, body, parent_id FROM comment WHERE " + new.replace("{table}", "comment")),
        subscriptions=names("SELECT f.name FROM subscription t JOIN forum f ON f.id = t.forum_id WHERE t.user_id = {me}"),
        hidden=names("SELECT f.name FROM hidden_forum t JOIN forum f ON f.id = t.forum_id WHERE t.user_id = {me}"),
        blocked=names("SELECT u.name FROM user_block b JOIN user u ON u.id = blocked_id WHERE b.user_id = {me}"),
        messages=found(
            "SELECT u.name, body FROM message m JOIN thread t ON t.id = thread_id JOIN user u ON u.id = t.receiver_id WHERE m.sender_id = {me}"
        ),
        forums=found("SELECT name, title, description, sidebar FROM forum WHERE created >= {today}"),
        biography=next(iter(names("SELECT biography FROM user WHERE id = {me}"))),
    )  # fmt: skip


def did(changes: Callable[[Parameters], dict[str, Any]]) -> Callable[[Parameters], Reached]:
    """The user has done what ``changes`` says, a field of ``Doings`` each, and nothing else."""

    def made(parameters: Parameters) -> Reached:
        wanted = replace(Doings(), **changes(parameters))
        return lambda progress: doings(progress) == wanted

    return made


def holds(name: str, field: str, *wanted: Any) -> MilestoneSpec:
    """A milestone of the site's state, which only a write can change: a field of ``Doings`` has these among its values."""
    return MilestoneSpec(name, lambda progress: set(wanted) <= getattr(doings(progress), field), reads_state=True)


# --- oracles ---


def quoted(screen: Screen) -> list[str]:
    """What stands in quotes in the intent."""
    return re.findall(r'"([^"]+)"', screen.intent)


def find_post(screen: Screen, title: str, forum: str) -> Finding[Post]:
    """By a search for its title."""
    yield screen.fill("searchbox", "Search query", title, enter=True)
    return (yield from seek_post(screen, lambda post: (post.title, post.forum) == (title, forum)))


def open_person(screen: Screen, name: str) -> Iterator[str]:
    """By the address, which no list of people leads to."""
    yield f'goto("/user/{name}")'


def errand(
    name: str, wordings: Sequence[str], count: Callable[[StoreOf], int], parameters: Any, success: Any, milestones: Any, oracle: Any, length: int, **rest: Any
) -> Family:  # fmt: skip
    """A family of the forum alone, its parts in this order."""
    return Family(
        name=name, sites=("reddit",), wordings=tuple(wordings), count=count, parameters=parameters, success=success, milestones=milestones,
        oracle=oracle, length=length, **rest,
    )  # fmt: skip
