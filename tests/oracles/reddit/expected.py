"""What each task's run must come to on a forum of given facts, worked out from the facts and the built database alone."""

from __future__ import annotations

from collections.abc import Callable

from ..mutations import Ending, Expectation, Facts


def posts(facts: Facts, forum: str = "", author: str = "") -> list[Facts]:
    """The posts of the facts, of a forum, of an author; generated ones are older, of lower score and by other people."""
    return [p for p in facts["submissions"] if forum in ("", p["forum"]) and author in ("", p["author"])]


def votes(end: Ending, choice: int) -> set[int]:
    """The posts that the user voted for or against since the start, when they had voted for their own alone."""
    return set(
        end.column(
            "SELECT target_id FROM vote JOIN submission s ON s.id = target_id WHERE kind = 's' AND choice = ? "
            "AND vote.user_id = (SELECT value FROM setting WHERE name = 'user_id') AND s.user_id != vote.user_id",
            choice,
        )
    )


def disliked_comments(facts: Facts, end: Ending) -> bool:
    newest = max(posts(facts, "Showerthoughts"), key=lambda post: post["id"])
    scores = [comment["score"] for comment in facts["comments"] if comment["author"] == newest["author"]]
    return end.answer == str(sum(score < 0 for score in scores))


def organizations(facts: Facts, end: Ending) -> bool:
    [post] = (post for post in posts(facts, "books") if "local book stores" in post.get("body", ""))
    [named] = (word for word in post["title"].split() if "." in word.strip("."))
    return end.answer == named


def newest_liked(facts: Facts, end: Ending) -> bool:
    return votes(end, 1) == {max(post["id"] for post in posts(facts, "books"))} and not votes(end, -1)


def trending_subscribed(facts: Facts, end: Ending) -> bool:
    forum = "(SELECT id FROM forum WHERE name = 'MachineLearning')"
    hottest = end.column(
        f"SELECT id FROM submission WHERE forum_id = {forum} AND visibility = 'visible' ORDER BY ranking DESC LIMIT 1"
    )
    subscribed = end.column(f"SELECT count(*) FROM subscription WHERE forum_id = {forum}")
    return f"/f/MachineLearning/{hottest[0]}/" in end.url and subscribed == [1]


def picture_reposted(facts: Facts, end: Ending) -> bool:
    [picture] = (post["image"] for post in posts(facts, "pics") if "costume contest" in post["title"])
    return end.column("SELECT url FROM submission ORDER BY id DESC LIMIT 1")[0].endswith(
        f"/submission_images/{picture}"
    )


def top_disliked(facts: Facts, end: Ending) -> bool:
    return votes(end, -1) == {max(posts(facts, "gadgets"), key=lambda post: post["score"])["id"]} and not votes(end, 1)


def all_voted(forum: str, author: str, choice: int) -> Callable[[Facts, Ending], bool]:
    def holds(facts: Facts, end: Ending) -> bool:
        return votes(end, choice) == {p["id"] for p in posts(facts, forum, author)} and not votes(end, -choice)

    return holds


def line_added(facts: Facts, end: Ending) -> bool:
    [post] = (post for post in posts(facts, author=facts["user"]["name"]) if "Starfleet" in post["title"])
    [body] = end.column("SELECT body FROM submission WHERE id = ?", post["id"])
    line = "Every watch makes me feel like a kid again"  # the intent's own words
    return body == (f"{post['body']}\n\n{line}" if post.get("body") else line)


EXPECTED: dict[int, Expectation] = {
    5: disliked_comments,
    14: organizations,
    98: newest_liked,
    132: trending_subscribed,
    136: picture_reposted,
    151: top_disliked,
    152: all_voted("EarthPorn", "CameronKelsey", 1),
    153: all_voted("UpliftingNews", "AdamCannon", -1),
    154: line_added,
}
# The intent says it all: what to write, and a word of it names the forum or the page is open already.
NOTHING_READ = {97, 131, 133, 134, 135, 137, 138, 139, 140, 141}
# Official scoring takes a subscription from any post of the forum.
ANY_WILL_DO = {132}
