"""Whatever is typed, posted or put into an address: a page or a redirect, never a failure, and other people's things untouched."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webarena_gym.engines.base import Cookie, EpisodeStart
from webarena_gym.engines.forms import urlencode
from webarena_gym.engines.http import HttpEngine
from webarena_gym.sites.gitlab.app import ROUTES
from webarena_gym.sites.lint import lint

from .visitor import A11Y, ORIGIN, Visitor

_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "0", "-1", "1", "2330", "9" * 40, "1e9", "NaN", "'", '"', "%", "\x00", "\ud800".encode("utf-8", "replace").decode(), "<script>alert(1)</script>",
         "' OR 1=1 --", "../../etc/passwd", "é中🎉", "x" * 3000, "\r\nSet-Cookie: a=b", "[]", "{}", "main", "redesign", "README.md", "/close", "@byteblaze", "[x](javascript:1)",
         "[a](https://[)", "#1 !1 @x", "|a|b|\n|-|-|\n|c|", "```\n<b>", "\u200b", "~\"", "label:", "2023-13-45", "Draft: ", "a/b", "..", "HEAD", "refs/heads/main"]
    ),
)  # fmt: skip
_FIELDS = sorted(
    {"search", "scope", "state", "sort", "label_name[]", "author_username", "assignee_username", "reviewer_username", "milestone_title", "page", "open", "name", "visibility_level",
     "first_page_size", "personal", "archived", "author", "offset", "from", "to", "type", "action", "project", "group", "project_id", "user_ids[]", "emails[]", "remove",
     "access_level", "expires_at", "user_id", "issue[title]", "issue[description]", "issue[assignee_ids][]", "issue[label_ids][]", "issue[milestone_id]", "issue[due_date]",
     "issue[state_event]", "issue[confidential]", "merge_request[title]", "merge_request[source_branch]", "merge_request[target_branch]", "merge_request[description]",
     "merge_request[reviewer_ids][]", "merge_request[state_event]", "merge_request[wip_event]", "note[note]", "note[internal]", "state_event", "target_id", "target_type",
     "assignee_id", "reviewer_id", "label_ids", "milestone_id", "due_date", "confidential", "locked", "file_path", "file_name", "content", "commit_message", "branch_name", "ref",
     "action_name", "dialog", "folder", "commit_to", "project[name]", "project[path]", "project[namespace_id]", "project[visibility_level]", "project[initialize_with_readme]",
     "project[template_name]", "project[description]", "part", "group[name]", "group[path]", "group[visibility_level]", "username", "level", "namespace_id", "path", "visibility",
     "label[title]", "label[color]", "milestone[title]", "milestone[due_date]", "milestone[start_date]", "milestone[state_event]", "user[name]", "user[website_url]", "user[email]",
     "user[bio]", "user[status][message]", "user[status][emoji]", "message", "emoji", "availability", "clear_status_after", "personal_access_token[name]",
     "personal_access_token[scopes][]", "user[password]", "user[new_password]", "user[password_confirmation]", "user[login]", "snippet[title]", "snippet[content]",
     "snippet[file_name]", "should_remove_source_branch", "panel", "template", "plain", "q", "filter"}
)  # fmt: skip
_GET = sorted({rule for rule, _, *methods in ROUTES if not methods or "GET" in methods[0]})
_POST = sorted({rule for rule, _, *methods in ROUTES if methods and "POST" in methods[0]})
_PROJECTS = (
    "byteblaze/dotfiles",
    "a11yproject/a11yproject.com",
    "byteblaze/empathy-prompts",
    "keycloak/keycloak",
    "no/where",
)
_PLACES = ("main", "main/README.md", "redesign", "main/src", "main/-/README.md", "nowhere", "main...redesign")
_ANY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _address(rule: str, project: str, place: str, number: int, text: str) -> str:
    """The rule with its placeholders filled."""
    namespace, name = project.split("/")
    filled = (
        rule.replace("<namespace>", namespace)
        .replace("<project>", name)
        .replace("<path:place>", place)
        .replace("<path:ref_name>", place)
    )
    filled = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", filled)
    filled = re.sub(r"<int\(max=\d+\):\w+>", str(number), filled)
    return re.sub(r"<(path:)?\w+>", quote(text.replace("/", "-") or "x", safe=""), filled)


_PARTS = {
    "project": st.sampled_from(_PROJECTS), "place": st.sampled_from(_PLACES), "number": st.sampled_from([0, 1, 8, 19, 278, 1071, 1478, 2330, 300_001, 10**9, 10**15, 10**30]),
    "text": _TEXTS,
}  # fmt: skip


@_ANY
@given(rule=st.sampled_from(_GET), query=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=4), **_PARTS)
def test_any_address_gives_a_good_page(
    byte: Visitor, rule: str, project: str, place: str, number: int, text: str, query: dict[str, str]
):
    reply = byte.engine.client().get(
        f"{ORIGIN}{_address(rule, project, place, number, text)}?{urlencode(list(query.items()))}"
    )
    assert reply.status in (200, 404, 405)
    if reply.content_type == "text/html" and reply.status != 405:
        assert lint(reply.text) == []
        assert "<script" not in reply.text


@_ANY
@given(rule=st.sampled_from(_POST), fields=st.dictionaries(st.sampled_from(_FIELDS), _TEXTS, max_size=12), **_PARTS)
def test_any_post_ends_on_a_good_page(
    world, rule: str, project: str, place: str, number: int, text: str, fields: dict[str, str]
):
    world.reset()
    byte = Visitor(world)
    before = _others_things(byte)
    reply = byte.engine.client().request(
        "POST",
        f"{ORIGIN}{_address(rule, project, place, number, text)}",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{ORIGIN}{A11Y}"},
        body=urlencode(list(fields.items())),
    )
    assert reply.status in (200, 404, 405)
    if reply.status != 405:
        assert lint(reply.text) == []
        assert "<script" not in reply.text
    assert _others_things(byte) == before


def _others_things(byte: Visitor) -> list[tuple]:
    """What Byte Blaze, who is no member of Keycloak, may not change there."""
    project = byte.store.projects.by_path("keycloak/keycloak")
    queries = (
        "SELECT count(*), sum(length(title)), count(CASE WHEN state = 'opened' THEN 1 END) FROM issuable WHERE project_id = ? AND author_id <> 2330",
        "SELECT count(*), sum(length(n.body)) FROM note n JOIN issuable i ON i.id = n.issuable_id WHERE i.project_id = ? AND n.author_id <> 2330",
        "SELECT count(*), sum(level) FROM member WHERE project_id = ?", "SELECT count(*), sum(head_seq) FROM branch WHERE project_id = ?",
        "SELECT count(*), sum(length(content)) FROM file WHERE project_id = ?", "SELECT count(*) FROM label WHERE project_id = ?",
    )  # fmt: skip
    rows = [tuple(byte.store.connection.execute(query, (project.id,)).fetchone()) for query in queries]
    return [*rows, (project.name, project.description, project.visibility, project.archived)]


@pytest.mark.parametrize(
    "text",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "{{ 7 * 7 }}",
        "[x](javascript:alert(1))",
        '"><img src=x onerror=alert(1)>',
        "é中🎉\u202e",
    ],
)
def test_texts_show_as_they_are(byte: Visitor, text: str):
    byte.open(f"{A11Y}/-/issues/new").fill("Title (required)", text).fill("Description", text).press("Create issue")
    title = byte.css("h1.title")[0]
    assert title == " ".join(text.split())
    byte.fill("Comment", text).press("Comment")
    assert (
        "<script" not in byte.html
        and "javascript:" not in re.sub(r">[^<]*<", "><", byte.html)
        and "onerror=" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", byte.html)
    )
    assert "49" not in byte.css("#notes-list > li .note-text")[-1]


def test_a_reset_forgets_everything(byte: Visitor):
    byte.world.reset()
    fresh = byte.world.state_hash()
    visitor = Visitor(byte.world)
    visitor.open("/umano/AndroidSlidingUpPanel").press("Star")
    visitor.open(f"{A11Y}/-/issues/1478").press("assign yourself")
    assert byte.world.state_hash() != fresh
    byte.world.reset()
    assert byte.world.state_hash() == fresh


def test_reading_changes_nothing(byte: Visitor):
    byte.open("/")
    before = byte.world.state_hash()
    for rule in _GET:
        for project, place in (("byteblaze/dotfiles", "main/README.md"), ("a11yproject/a11yproject.com", "redesign")):
            byte.engine.client().get(ORIGIN + _address(rule, project, place, 1478, "vinta"))
    assert byte.world.state_hash() == before


def test_a_post_from_another_site_is_refused(byte: Visitor):
    reply = byte.engine.client().request(
        "POST", f"{ORIGIN}{A11Y}/toggle_star.json", headers={"Origin": "http://evil.test", "Content-Type": "application/x-www-form-urlencoded"}, body=""
    )  # fmt: skip
    assert reply.status == 403 and byte.store.projects.is_starred(174, 2330)


def test_redirects_stay_on_the_site(byte: Visitor):
    reply = byte.engine.client().request(
        "POST", f"{ORIGIN}{A11Y}/toggle_star.json", headers={"Referer": "http://evil.test/page", "Content-Type": "application/x-www-form-urlencoded"}, body=""
    )  # fmt: skip
    assert reply.url.startswith(f"{ORIGIN}/")


@pytest.mark.parametrize("fields", ["note[note]=" + "x" * 300_000, "&".join(f"f{i}=1" for i in range(3000))])
def test_huge_posts_are_survived(byte: Visitor, fields: str):
    reply = byte.engine.client().request(
        "POST", f"{ORIGIN}{A11Y}/notes?target_id=72135&target_type=merge_request", headers={"Content-Type": "application/x-www-form-urlencoded"}, body=fields
    )  # fmt: skip
    assert reply.status in (200, 413)


@pytest.mark.parametrize("value", ["s1", "s0", "s-1", "2330", "x", "s" + "9" * 30, "s1;s2"])
def test_a_forged_session_is_a_guest(world, value: str):
    engine = HttpEngine(world)
    engine.reset(
        EpisodeStart((f"{ORIGIN}/dashboard/todos",), world.origins, (Cookie(ORIGIN, "gitlab_session", value),))
    )
    assert engine.page().url == f"{ORIGIN}/users/sign_in"


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/toggle_star.json", []), ("/-/issues", [("issue[title]", "x")]), ("/-/forks", [("namespace_id", "2505"), ("path", "x")]), ("/-/project_members/invite", [("user_ids[]", "278")]),
     ("/-/branches", [("branch_name", "x")]), ("", [("part", "naming"), ("project[name]", "x")])],
)  # fmt: skip
def test_guests_change_nothing(guest: Visitor, path: str, fields: list[tuple[str, str]]):
    tables = ("star", "issuable", "project", "member", "branch", "event")
    counts = [guest.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
    guest.post_fields(f"{A11Y}{path}", fields)
    assert [guest.store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables] == counts
    assert guest.store.projects.by_id(174).name == "a11yproject.com"
