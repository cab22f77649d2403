"""What tasks look for and what must not be found: people, projects, commits, issues, selectors and traps of the contract."""

from __future__ import annotations

import pytest

from .visitor import A11Y, Visitor

EIGHT = (
    "umano/AndroidSlidingUpPanel", "facebook/create-react-app", "kkroening/ffmpeg-python", "mk-j/PHP_XLSXWriter", "koush/AndroidAsync",
    "eriklindernoren/PyTorch-GAN", "thoughtbot/administrate", "keycloak/keycloak",
)  # fmt: skip


# --- people ---


@pytest.mark.parametrize(
    ("words", "username", "id"),
    [
        ("vinta", "vinta", 278), ("Koushik", "koush", 1912), ("Jakub Klinkovský", "lahwaacz", 1842), ("Benoît Blanchon", "bblanchon", 597),
        ("abishek", "abisubramanya27", 5), ("primer", "primer", 2367), ("convexegg", "convexegg", 43), ("yjlou", "yjlou", 168), ("Roshan Jossy", "Roshanjossy", 2264),
        ("davepgreene", "davepgreene", None), ("Byte Blaze", "byteblaze", 2330),
    ],
)  # fmt: skip
def test_a_search_finds_each_of_the_tasks_people_and_nobody_else(
    byte: Visitor, words: str, username: str, id: int | None
):
    byte.open("/").search("Search GitLab", words, role="textbox").follow(
        next(n for n in byte.names("link") if n.startswith("Users "))
    )
    assert [text for text in byte.css("main .rows li") if "@" in text] == [
        f"{byte.store.people.by_username(username).name} @{username}"
    ]
    assert id in (None, byte.store.people.by_username(username).id)


def test_names_are_searched_with_the_accents_as_typed(byte: Visitor):
    assert byte.store.people.search("Benoît", 5)[0] == 1
    assert byte.store.people.search("Benoit", 5)[0] == 0


def test_byte_blaze_starts_without_status_website_or_any_of_the_follows_and_stars_that_tasks_ask_for(byte: Visitor):
    me = byte.store.people.by_username("byteblaze")
    assert (me.id, me.name, me.status_message, me.website, me.feed_token) == (
        2330,
        "Byte Blaze",
        "",
        "",
        "TMN_bBn9Z48qVbUFZV45",
    )
    assert byte.store.projects.namespace("byteblaze").id == 2505
    following = {person.username for person in byte.store.people.following(2330)}
    assert following.isdisjoint({"vinta", "koush", "lahwaacz"})
    for path in EIGHT:
        assert not byte.store.projects.is_starred(byte.store.projects.by_path(path).id, 2330)


# --- projects ---


@pytest.mark.parametrize(
    ("path", "id", "stars"),
    [
        ("umano/AndroidSlidingUpPanel", None, 55), ("facebook/create-react-app", 122, 52), ("kkroening/ffmpeg-python", None, 51), ("mk-j/PHP_XLSXWriter", None, 47),
        ("koush/AndroidAsync", None, 46), ("eriklindernoren/PyTorch-GAN", 86, 45), ("thoughtbot/administrate", None, 44), ("keycloak/keycloak", None, 43),
        ("a11yproject/a11yproject.com", 174, 21), ("primer/design", None, 21), ("byteblaze/millennials-to-snake-people", 187, 6), ("byteblaze/empathy-prompts", 183, 6),
        ("byteblaze/dotfiles", 193, 0), ("byteblaze/timeit", 190, 0), ("byteblaze/cloud-to-butt", 189, 0), ("byteblaze/solarized-prism-theme", 188, 0),
        ("byteblaze/gimmiethat.space", 184, 0), ("byteblaze/remove-board-movement-events-from-the-github-issue-timeline", 181, 0),
        ("yjlou/2019-nCov", 79, None), ("convexegg/chatgpt", 175, None), ("auth0/angular-storage", None, None),
    ],
)  # fmt: skip
def test_projects_have_the_ids_and_stars_of_the_contract(byte: Visitor, path: str, id: int | None, stars: int | None):
    byte.open(f"/{path}")
    project = byte.store.projects.by_path(path)
    assert id in (None, project.id) and stars in (None, project.stars)
    assert byte.css(".star-count") == [str(project.stars)]


def test_the_smaller_projects_of_byte_blaze_have_one_to_four_stars(byte: Visitor):
    found = {name: byte.store.projects.by_path(f"byteblaze/{name}") for name in (
        "a11y-syntax-highlighting", "a11y-webring.club", "accessible-html-content-patterns", "ericwbailey.website")}  # fmt: skip
    assert {name: project.id for name, project in found.items()} == {
        "a11y-syntax-highlighting": 182, "a11y-webring.club": 179, "accessible-html-content-patterns": 186, "ericwbailey.website": 185}  # fmt: skip
    assert sorted(project.stars for project in found.values()) == [1, 2, 3, 4]


def test_explore_sorted_by_stars_begins_with_the_eight_projects(byte: Visitor):
    byte.open("/explore?visibility_level=20").press("Name").follow("Most stars")
    rows = byte.css(".rows h2")
    assert [row.split(" / ")[1] for row in rows[:8]] == [path.split("/")[1] for path in EIGHT]
    stars = [int(text.split("Stars ")[1].split(" ")[0]) for text in byte.css(".rows .facts")]
    assert stars == sorted(stars, reverse=True) and stars[8] <= 42


def test_the_most_starred_gan_project_is_not_the_only_one(byte: Visitor):
    byte.open("/").search("Search GitLab", "GAN", role="textbox")
    names = byte.css(".rows h2")
    assert names[0] == "Erik Linder-Norén / PyTorch-GAN" and "Erik Linder-Norén / Keras-GAN" in names[1:]


def test_the_clone_address_names_the_port_of_the_real_server(byte: Visitor):
    byte.open("/eriklindernoren/PyTorch-GAN").press("Clone")
    assert 'textbox "Clone with SSH" value="ssh://git@localhost:2222/eriklindernoren/PyTorch-GAN.git"' in byte.text


def test_contributed_projects_list_the_two_with_the_most_stars(byte: Visitor):
    byte.open("/byteblaze").follow("Contributed projects").press("Updated date").follow("Most stars")
    assert set(byte.css(".rows h2")[:2]) == {"The A11Y Project / a11yproject.com", "Primer / design"}


def test_personal_projects_sorted_by_stars_begin_with_those_that_have_six(byte: Visitor):
    byte.open("/users/byteblaze/projects?sort=stars_desc")
    assert {row.split(" / ")[1] for row in byte.css(".rows h2")[:2]} == {
        "millennials-to-snake-people",
        "empathy-prompts",
    }


@pytest.mark.parametrize("path", ["awesome_llm_reading", "awesome-llms", "web_agent_android_xl", "do-it-myself"])
def test_projects_that_tasks_create_are_not_there(byte: Visitor, path: str):
    assert byte.open(f"/byteblaze/{path}").status == 404
    assert path not in byte.html


@pytest.mark.parametrize(
    ("path", "text"),
    [("convexegg/chatgpt", "chatgpt"), ("auth0/angular-storage", "a storage library for angularjs done right")],
)
def test_projects_that_forum_posts_link_to_say_what_they_are(byte: Visitor, path: str, text: str):
    assert text in byte.open(f"/{path}").css(".description")[0].lower()


def test_chatgpt_has_its_commits(byte: Visitor):
    assert "193 Commits" in byte.open("/convexegg/chatgpt").names("link")


# --- members ---


def test_members_of_the_projects_that_tasks_change(byte: Visitor):
    def handles(path: str) -> dict[str, str]:
        byte.open(f"/{path}/-/project_members")
        accounts = byte.css("td[data-label='Account'] span.gl-avatar-labeled-sublabel")
        roles = byte.css("td.col-max-role span")
        assert len(accounts) == len(roles) == len(byte.css("td.col-max-role"))
        return dict(zip(accounts, roles, strict=True))

    assert handles("byteblaze/dotfiles") == {"@byteblaze": "Owner"}
    assert handles("byteblaze/gimmiethat.space") == {"@byteblaze": "Owner", "@yjlou": "Developer"}
    assert handles("byteblaze/remove-board-movement-events-from-the-github-issue-timeline") == {"@byteblaze": "Owner"}
    assert handles("a11yproject/a11yproject.com")["@byteblaze"] in ("Maintainer", "Owner")
    assert "@Roshanjossy" in handles("a11yproject/a11yproject.com")


@pytest.mark.parametrize("path", ["byteblaze/gimmiethat.space", "byteblaze/dotfiles"])
def test_handles_of_people_who_are_no_members_stand_nowhere_on_the_members_page(byte: Visitor, path: str):
    byte.open(f"/{path}/-/project_members")
    for handle in ("@lahwaacz", "@bblanchon", "@primer", "@convexegg", "@abisubramanya27", "@vinta"):
        assert handle not in byte.html


# --- commits ---


@pytest.mark.parametrize(("day", "author", "count"), [("05 Mar, 2023", "Kilian", 1), ("02 Mar, 2023", "Eric", 2), ("01 Mar, 2023", "Kilian", 0), ("03 Jan, 2023", "Eric", 0), ("03 Jan, 2023", "Kilian", 0)])  # fmt: skip
def test_commits_of_an_author_on_a_day(byte: Visitor, day: str, author: str, count: int):
    byte.open(f"{A11Y}/-/commits/main?author={author}")
    days = dict(zip(byte.css(".day h2"), byte.css(".day .count"), strict=True))
    assert days.get(day) == (None if not count else "1 commit" if count == 1 else f"{count} commits")


def test_kilian_and_others_commit_on_other_days_of_march_too(byte: Visitor):
    byte.open(f"{A11Y}/-/commits/main")
    assert sum("Mar, 2023" in day for day in byte.css(".day h2")) >= 5


def test_contributors_in_the_order_of_their_commits(byte: Visitor):
    byte.open("/yjlou/2019-nCov/-/graphs/master")
    assert [name.split()[-1] for name in byte.css("main h4")[1:4]] == ["Lo", "Chen", "Chu"]
    counts = [int(text.split()[0]) for text in byte.css("main h4 + p")[1:]]
    assert counts == sorted(counts, reverse=True) and len(set(counts[:4])) == 4


def test_gan_contributors_are_told_apart_by_email(byte: Visitor):
    byte.open("/eriklindernoren/PyTorch-GAN/-/graphs/master")
    assert byte.css("main h4")[1:4] == ["Erik Linder-Norén", "Erik Linder-Norén", "Pinnacle Chen"]
    emails = [text.split("(")[1].removesuffix(")") for text in byte.css("main h4 + p")[1:4]]
    assert emails == ["eriklindernoren@live.se", "eriklindernoren@gmail.com", "pinnacle.chen@qq.com"]


def test_branches_of_the_a11y_project(byte: Visitor):
    byte.open(f"{A11Y}/-/branches")
    assert {"main", "redesign", "feature/markdown-figure-block", "feature/replace-gulp"} <= set(byte.css(".ref-name"))
    project = byte.store.projects.by_path(A11Y[1:])
    redesign = next(branch for branch in byte.store.repository.branches(project) if branch.name == "redesign")
    assert redesign.ahead > 0
    byte.open(f"{A11Y}/-/merge_requests?state=opened&source_branch=redesign")
    assert byte.css(".issue-title") == []


# --- issues and merge requests ---


def test_the_newest_updated_of_the_better_issues_is_not_the_newest_created(byte: Visitor):
    byte.open("/dashboard/issues?author_username=byteblaze&state=all&search=better")
    assert byte.css(".issue-title")[:2] == ["Better initial load experience", "Make printed articles look better"]
    byte.open("/dashboard/issues?author_username=byteblaze&state=all&search=better&sort=created_date")
    assert byte.css(".issue-title")[:2] == ["Make printed articles look better", "Better initial load experience"]
    assert "Open" in byte.open("/byteblaze/empathy-prompts/-/issues/8").css(".detail-page-header > span")[0]
    assert "Closed" in byte.open(f"{A11Y}/-/issues/566").css(".detail-page-header > span")[0]


def test_the_newest_homepage_content_issue_is_closed(byte: Visitor):
    byte.open("/dashboard/issues?author_username=byteblaze&state=all&search=homepage+content&sort=created_date")
    assert "homepage content" in byte.css(".issue-title")[0]
    assert byte.follow(byte.css(".issue-title")[0]).url == f"{A11Y}/-/issues/719"
    assert byte.css(".detail-page-header > span")[0] == "Closed"


def test_the_issue_to_be_assigned(byte: Visitor):
    byte.open(f"{A11Y}/-/issues/1478")
    assert byte.css('[data-qa-selector="title_content"]') == [
        "404s, bad host, timeouts, bad urls for URLs linked from website"
    ]
    assert byte.css(".detail-page-header > span")[0] == "Open"
    assert byte.css(".block.assignee > div") == ["None - assign yourself"]
    byte.open("/dashboard/issues?assignee_username=byteblaze&state=all")
    assert "404s, bad host" not in byte.html


def test_other_issues_speak_of_404_without_saying_so_in_their_title(byte: Visitor):
    byte.open(f"{A11Y}/-/issues/?state=all&search=404")
    titles = byte.css(".issue-title")
    assert len(titles) >= 3 and sum("404" in title for title in titles) == 1


def test_questions_about_ffmpeg(byte: Visitor):
    byte.open("/kkroening/ffmpeg-python/-/issues/?label_name[]=question")
    assert (
        byte.url
        == "/kkroening/ffmpeg-python/-/issues/?sort=created_date&state=opened&label_name%5B%5D=question&first_page_size=20"
    )
    project = byte.store.projects.by_path("kkroening/ffmpeg-python")
    open_ones, closed = (
        len(byte.open(f"{project.url}/-/issues/?label_name[]=question&state={state}").css(".issue-title"))
        for state in ("opened", "closed")
    )
    assert open_ones >= 3 and closed >= 2
    assert {"bug", "enhancement"} <= {row["name"] for row in byte.store.issuables.labels(project.id)}


@pytest.mark.parametrize(
    ("path", "id", "state", "words"),
    [(f"{A11Y}/-/merge_requests/1071", 72135, "Open", "color utility"), ("/byteblaze/a11y-webring.club/-/merge_requests/40", 138783, "Open", "verification functions")],
)  # fmt: skip
def test_merge_requests_that_tasks_comment_on(byte: Visitor, path: str, id: int, state: str, words: str):
    byte.open(path)
    assert words in byte.css("h1.title")[0].lower()
    assert byte.css(".detail-page-description > span") == [state]
    assert f"target_id={id}&amp;target_type=merge_request" in byte.html
    assert len(byte.css("#notes-list > li")) >= 3


def test_the_last_note_on_the_verification_functions_is_not_by_their_author(byte: Visitor):
    byte.open("/byteblaze/a11y-webring.club/-/merge_requests/40")
    assert "@davepgreene" not in byte.css("#notes-list > li")[-1].split("·")[0]
    assert byte.css(".author-link") == ["Dave Greene"] and "Byte Blaze" in byte.css(".block.reviewer")[0]


def test_review_requests_hold_more_than_one_candidate(byte: Visitor):
    byte.open("/dashboard/merge_requests?reviewer_username=byteblaze")
    found = {url for url in (f"{A11Y[1:]}!{iid}" for iid in (1265, 1270, 1485, 1531)) if url in byte.text}
    assert len(found) == 4 and "byteblaze/a11y-webring.club!40" in byte.text


def test_assigned_issues_and_to_dos(byte: Visitor):
    byte.open("/dashboard/issues?assignee_username=byteblaze")
    assert [name for name in byte.names("link") if name.startswith(("Open", "Closed", "All "))] == [
        "Open 13",
        "Closed 53",
        "All 66",
    ]
    assert len(byte.open("/dashboard/todos").css(".rows > li")) >= 3


# --- addresses, selectors and traps ---


@pytest.mark.parametrize(
    ("menu", "link", "address"),
    [
        (None, "To-Do List", "/dashboard/todos"), (None, "Issues", "/dashboard/issues?assignee_username=byteblaze"),
        ("Merge requests", "Assigned to you ", "/dashboard/merge_requests?assignee_username=byteblaze"),
        ("Merge requests", "Review requests for you ", "/dashboard/merge_requests?reviewer_username=byteblaze"),
    ],
)  # fmt: skip
def test_the_top_bar_leads_to_the_addresses_of_the_tasks(byte: Visitor, menu: str | None, link: str, address: str):
    if menu:
        byte.follow(menu)
    byte.follow(next(name for name in byte.names("link") if name.startswith(link)))
    assert byte.url == address


def test_the_menu_leads_to_public_projects(byte: Visitor):
    assert byte.press("Menu").follow("Explore").url == "/explore?visibility_level=20"


def test_project_addresses_are_the_same_in_any_case(byte: Visitor):
    assert byte.open("/ByteBlaze/DotFiles/-/blob/main/README.md").url == "/byteblaze/dotfiles/-/blob/main/README.md"
    assert byte.open("/BYTEBLAZE").url == "/byteblaze"


def test_filtering_keeps_the_slash_and_writes_the_whole_address(byte: Visitor):
    byte.open("/kkroening/ffmpeg-python/-/issues").press("Filter").choose("Label", "question").press("Apply filters")
    assert (
        byte.url
        == "/kkroening/ffmpeg-python/-/issues/?sort=created_date&state=opened&label_name%5B%5D=question&first_page_size=20"
    )
    assert (
        "label_name%5B%5D=question"
        in byte.open("/kkroening/ffmpeg-python/-/issues")
        .fill("Search or filter results...", "label:question")
        .press("Search")
        .url
    )


@pytest.mark.parametrize("path", ["/no/such/awesome_llm_reading", "/awesome_llm_reading", f"{A11Y}/-/tree/awesome_llm_reading", f"{A11Y}/-/issues/awesome_llm_reading", "/users/awesome_llm_reading/starred", "/-/profile/awesome_llm_reading", "/groups/awesome_llm_reading/-/issues"])  # fmt: skip
def test_pages_that_are_not_found_echo_nothing(byte: Visitor, guest: Visitor, path: str):
    for visitor in (byte, guest):
        visitor.open(path)
        assert "awesome_llm_reading" not in visitor.html and "awesome_llm_reading" not in visitor.title
    assert byte.status == 404


def test_a_guest_who_must_sign_in_is_not_told_where_to(guest: Visitor):
    guest.open("/projects/new?name=awesome_llm_reading")
    assert guest.url == "/users/sign_in" and "awesome_llm_reading" not in guest.html
    assert guest.messages() == ["You need to sign in or sign up before continuing."]


def test_the_sign_in_page_has_one_of_each_control(guest: Visitor):
    guest.open("/users/sign_in")
    labels = [name.lower() for name in guest.names("textbox")]
    assert sum("username or email" in name for name in labels) == 1 and sum("password" in name for name in labels) == 1
    assert [name for name in guest.names("button") if "sign in" in name.lower()] == ["Sign in"]
    for id in ("username-field", "password-field", "sign-in-button"):
        assert guest.html.count(f'data-testid="{id}"') == 1


def test_signing_in_sets_the_cookie_at_once(guest: Visitor):
    guest.open("/users/sign_in").fill("Username or email", "byteblaze").fill("Password", "hello1234").press("Sign in")
    assert guest.url == "/" and "Byte Blaze" in guest.names("link")
    assert ("/users/sign_in", 302) in guest.sent()


@pytest.mark.parametrize(
    ("login", "password"), [("byteblaze", "wrong"), ("vinta", ""), ("", ""), ("nobody", "hello1234")]
)
def test_a_wrong_password_lets_nobody_in(guest: Visitor, login: str, password: str):
    guest.open("/users/sign_in").fill("Username or email", login).fill("Password", password).press("Sign in")
    assert guest.url == "/users/sign_in" and guest.messages() == ["Invalid login or password."]
