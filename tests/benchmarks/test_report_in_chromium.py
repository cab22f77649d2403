"""The report clicked through as a reader would: filter, step, compare, keys, hostile content."""

from __future__ import annotations

from pathlib import Path

import pytest
from webarena_gym.benchmarks.episodes import Episode
from webarena_gym.benchmarks.page_snapshot import snapshot
from webarena_gym.benchmarks.report import Report, Section, Table
from webarena_gym.benchmarks.viewer_data import Run
from webarena_gym.benchmarks.written_episodes import SHOP, Did, episode

from webarena_gym.types import LiveDocument

from .chromium import on_page

EVIL = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
GOOD = [
    Did("click(2)", "/cart", milestones={"cart opened": True}, reward=0.15),
    Did("click(3)", "/paid", reward=0.0),
    Did('stop("")', "/paid", milestones={"paid": True}, reward=0.7, task_reward=1.0),
]


def drawn(path: str) -> str:
    html = (
        f'<body><h1>Page {path}</h1><a href="/">Home</a> <a href="/cart">Cart</a> <button>Add to Cart</button></body>'
    )
    return snapshot(LiveDocument(SHOP + path, html), lambda url: "")


def with_pages(trajectory) -> Episode:
    paths = [observation.split(SHOP, 1)[1].split("\n", 1)[0] for observation in trajectory.states()[-1].observations]
    return Episode(
        trajectory=trajectory,
        pages=tuple(map(drawn, paths)),
        values=tuple(0.1 * t for t in range(len(trajectory.steps))),
    )


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    names = ("cart opened", "paid")
    solved = [with_pages(episode(GOOD, success=True, task_id=task, milestones=names)) for task in (1, 2, 3)]
    failed = [
        with_pages(episode([Did("click(1)", "/"), Did('stop("no")', "/")], task_id=1, milestones=names)),
        with_pages(episode([Did("click(3)", "/mug")] * 6, task_id=2, milestones=names)),
        with_pages(episode([Did("click(99)", "/", error=f"no element {EVIL}"), Did(f'stop("{EVIL}")', "/")],
                           task_id=f"x {EVIL}", goal=EVIL, site="map", milestones=names)),
        with_pages(episode([Did("click(1)", "/")], task_id=3, milestones=names, infra_error="SiteError: HTTP 500")),
    ]  # fmt: skip
    built = Report(
        title="Test report",
        sections=[Section(title="Results", tables=[Table(columns=["who", "what "], rows=[[EVIL, "1"]])], text=[EVIL])],
        runs=[Run(label="good", episodes=solved, note="scripted"), Run(label="bad", episodes=failed)],
    )
    return built.write(tmp_path_factory.mktemp("report") / "report.html")


def shown(page) -> dict[str, str]:
    return {name: page.text_content(f".panel {selector}") for name, selector in
            {"action": ".action code", "observation": ".text", "outcome": ".badge"}.items()}  # fmt: skip


def rows(page) -> list[str]:
    return [row.text_content() for row in page.query_selector_all(".row") if row.is_visible()]


def test_it_opens_on_the_first_episode_and_loads_nothing_else(report):
    seen, trouble = on_page(report, shown)
    assert trouble == []
    assert seen["outcome"] == "✓ success" and seen["action"] == "click(2)" and "goal: Buy a mug" in seen["observation"]


def test_filters_narrow_the_list_by_run_site_outcome_and_words(report):
    def act(page):
        found = [len(rows(page))]
        page.select_option("[name=run]", "bad")
        found.append(len(rows(page)))
        page.select_option("[name=outcome]", "failure")
        found.append(len(rows(page)))
        page.select_option("[name=outcome]", "stuck midway")
        found.append(len(rows(page)))
        page.select_option("[name=outcome]", "")
        page.select_option("[name=site]", "map")
        found.append(len(rows(page)))
        page.select_option("[name=site]", "")
        page.fill("[name=search]", 'STOP "no"')
        return [*found, len(rows(page)), page.text_content("#count")]

    assert on_page(report, act) == ([7, 4, 3, 1, 1, 1, "1 of 7 episodes"], [])


def test_no_match_says_so_and_the_list_comes_back(report):
    def act(page):
        page.fill("[name=search]", "nothing like it")
        nothing = page.text_content("#panels")
        page.fill("[name=search]", "")
        page.wait_for_selector(".panel .text")
        return nothing, len(rows(page))

    assert on_page(report, act)[0] == ("No episode matches.", 7)


def test_arrow_keys_step_and_the_page_beside_marks_the_element_acted_on(report):
    def act(page):
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('.panel .text').textContent.includes('/cart')")
        frame = page.wait_for_selector(".page iframe").content_frame()
        frame.wait_for_selector("h1")
        marked = frame.eval_on_selector("[data-e='3']", "e => getComputedStyle(e).outlineStyle")
        return shown(page)["action"], frame.text_content("h1"), marked

    assert on_page(report, act) == (("click(3)", "Page /cart", "solid"), [])


def test_the_end_shows_the_reward_split_into_task_and_shaping(report):
    def act(page):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        last = page.text_content(".action")
        page.keyboard.press("End")
        return last, page.text_content(".action")

    last, end = on_page(report, act)[0]
    # The last step was paid 0.7 in all, 1 of it the task's: shaping took 0.3. Over the episode 0.15 - 0.3 = -0.15.
    assert "reward +1" in last and "shaping −0.3" in last and "critic value 0.200" in last and "● paid" in last
    assert "the policy stopped" in end and "shaping −0.15" in end and "2 of 2 milestones" in end


def test_two_runs_on_one_task_stand_side_by_side_and_step_together(report):
    def act(page):
        page.select_option(".facts select", label="✕ bad, seed 0")
        page.wait_for_function("document.querySelectorAll('.panel .text').length === 2")
        page.keyboard.press("ArrowRight")
        actions = [node.text_content() for node in page.query_selector_all(".action code")]
        page.keyboard.press("c")
        return actions, page.locator(".panel").count()

    assert on_page(report, act) == ((["click(3)", 'stop("no")'], 1), [])


def test_letters_walk_through_the_episodes_that_the_filter_leaves(report):
    def act(page):
        page.select_option("[name=run]", "bad")
        page.click("h2 >> nth=0")
        page.keyboard.press("j")
        second = page.text_content(".badge")
        page.keyboard.press("k")
        return second, page.text_content(".badge")

    assert on_page(report, act)[0] == ("↻ stuck midway", "✕ wrong stop")


def test_the_timeline_shows_the_key_decision_and_the_loop(report):
    def act(page):
        page.select_option("[name=outcome]", "wrong stop")
        key = page.locator(".timeline .key").count()
        page.select_option("[name=outcome]", "stuck midway")
        return key, page.locator(".timeline .loop").count(), page.locator(".timeline .key").count()

    # Task 1 and 2 have successes to compare with; the loop's first step strayed from them.
    assert on_page(report, act)[0] == (1, 1, 1)


def test_hostile_content_is_shown_as_text(report):
    def act(page):
        page.select_option("[name=site]", "map")
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        return (
            page.title(),
            page.text_content(".panel .goal"),
            page.text_content(".panel code"),
            page.text_content("td"),
        )

    (title, goal, action, cell), trouble = on_page(report, act)
    assert title == "Test report" and goal == EVIL and action == f'stop("{EVIL}")' and cell == EVIL and trouble == []


def test_an_address_opens_an_episode_at_a_step(report):
    assert on_page(report, lambda page: page.text_content(".panel code"), fragment="#episode-1-2")[0] == 'stop("")'


def test_the_theme_follows_the_system_and_a_key_turns_it(report):
    def act(page):
        background = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(background)
        page.keyboard.press("t")
        return before, page.evaluate(background)

    light, turned = on_page(report, act)[0]
    dark, _ = on_page(report, act, dark=True)[0]
    assert light == "rgb(246, 247, 248)" and dark == turned == "rgb(21, 23, 26)"


def test_a_report_without_episodes_has_no_viewer(tmp_path):
    path = Report(title="Tables", sections=[Section(title="One")]).write(tmp_path / "report.html")
    assert on_page(path, lambda page: page.locator("#trajectories").count()) == (0, [])
