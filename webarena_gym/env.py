"""``WebArenaEnv``: joins a task, its sites, an engine, the observation text and an evaluator; holds no logic of theirs."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np

from .actions import MAX_ACTION_CHARS, Noop, Scroll, Stop, parse_action
from .config import EnvConfig, task_selection
from .engines.base import Cookie, Engine, EpisodeStart
from .engines.make import make_engine
from .engines.remote_world import RemoteWorld
from .engines.time_budget import TimeBudget
from .errors import ActionError, InfraError, SiteError, SiteNotAvailable
from .evaluators import build_evaluator
from .milestones import MilestoneTracker
from .observation import RenderedPages, render_header, render_lines
from .observation.render import MAX_HEADER_CHARS
from .sites.base import BuildOptions
from .sites.registry import BASE_URLS, PLACEHOLDERS, available_sites, get_site
from .sites.remote import RemoteConfig, variable
from .sites.world import World
from .spaces import ActionText, UnicodeText
from .tasks.catalog import TaskSet, task_set
from .tasks.official import asked_by_verified, quoted_references
from .tasks.schema import Progress, Task
from .types import CheckResult, EvalResult, Outcome, SeenPage, SiteName

_RESET_ATTEMPTS = 2


class WebArenaEnv(gym.Env[str, str]):
    """Web tasks as a Gymnasium env: text in, text out.

    Observation: one ``str``, a header (goal, step, tabs, address, error of the last action) and one part of the page.
    Action: one ``str``, such as ``click(12)``; see ``webarena_gym.actions``. Reward: 1.0 when the policy stops and the
    scorer accepts, else 0.0. ``terminated`` only when the policy stops; ``truncated`` at ``max_steps`` or when something
    under the episode failed, which ``info["infra_error"]`` names.

    ``reset(options={"task_id": 36})`` chooses a task; without it one is drawn with the env's own generator. ``info`` holds
    ``task_id, site, url, step, last_error, milestones, success, eval_result, infra_error``; ``milestones`` maps names to
    bool in task order and never goes back, ``success`` is None until the episode is scored.

    Args:
        site: one of ``webarena_gym.registration.SITE_IDS``, or None for all tasks; set by the env id.
        tasks: "test" (the official tasks), "train", "val" or "heldout" (generated ones), or a list of task ids.
        engine: "http" (browserless) or "browser" (Chromium through Playwright).
        sites: "embedded", or "remote" for sites served elsewhere, at the WA_* addresses; see docs/remote.md.
        scoring: "lite", "strict", "hardened" or "verified"; see docs/scoring.md.
        judge: decides fuzzy matches; None for the deterministic rules.
        observation: "text", "html" or "axtree".
        max_obs_chars: characters of one part of a page.
        max_steps: actions after which the env truncates.
        scale: multiplies the generated part of the sites' data.
        render_mode: None, "ansi", and with the browser engine "rgb_array" or "human".
        cache_dir: where site images are kept; None for the user's cache folder.
        world: the embedded sites, where a test wants others than the arguments describe; ``close`` closes them.
        remote: with ``sites="remote"``, where the sites are and how they are asked; None reads the WA_* variables.

    Raises:
        ValueError: an argument is out of range; says which values are allowed.
        SiteNotAvailable: the tasks need a site that this installation cannot serve.
        TaskDataError: the package with the official tasks is missing.
        MissingDependency: ``engine="browser"`` without Playwright, or ``sites="remote"`` without urllib3.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["ansi", "rgb_array", "human"], "render_fps": 2}

    def __init__(
        self,
        site: str | None = None,
        *,
        tasks: str | Sequence[int | str] = "test",
        engine: str = "http",
        sites: str = "embedded",
        scoring: str = "lite",
        judge: Any = None,
        observation: str = "text",
        max_obs_chars: int = 8000,
        max_steps: int = 30,
        scale: float = 1.0,
        render_mode: str | None = None,
        cache_dir: str | Path | None = None,
        world: World | None = None,
        remote: RemoteConfig | None = None,
    ) -> None:
        self.config = EnvConfig(
            site=site,
            tasks=task_selection(tasks),
            engine=engine,  # type: ignore[arg-type]
            sites=sites,  # type: ignore[arg-type]
            scoring=scoring,  # type: ignore[arg-type]
            observation=observation,  # type: ignore[arg-type]
            max_obs_chars=max_obs_chars,
            max_steps=max_steps,
            scale=scale,
            render_mode=render_mode,  # type: ignore[arg-type]
        )
        self.render_mode = render_mode
        self.observation_space = UnicodeText(max_obs_chars + MAX_HEADER_CHARS)
        self.action_space = ActionText(MAX_ACTION_CHARS)
        self._judge = judge
        self._pages = RenderedPages(self.config.observation, max_obs_chars)
        self._remote: RemoteWorld | None = None
        if sites == "remote":
            # gym.make has no main that could read the variables, and they are how WebArena names its sites.
            self._remote = RemoteWorld(remote or RemoteConfig.from_environment(os.environ))
        addresses: Mapping[SiteName, str] = BASE_URLS if self._remote is None else self._remote.config.base_urls
        self._base_urls = {PLACEHOLDERS[name]: url for name, url in addresses.items()}
        self._tasks: TaskSet = task_set(self.config.site, self.config.tasks, self._base_urls, addresses)
        self._world: World | RemoteWorld = (
            self._remote
            or world
            or World(
                self._sites_needed(),
                options=BuildOptions(scale=scale, references=quoted_references()),
                cache_dir=Path(cache_dir) if cache_dir is not None else None,
            )
        )
        self._budget = TimeBudget(math.inf if self._remote is None else self._remote.config.episode_limit_s)
        self._engine: Engine | None = None
        if engine == "browser":
            _require_playwright()
        self._task: Task | None = None
        self._running = False
        self._last_observation = ""

    def _sites_needed(self) -> tuple[SiteName, ...]:
        """The sites this env may visit; those of another installation are missed only when a task asks for them."""
        if self.config.site in BASE_URLS:
            return (get_site(self.config.site).name,)
        return tuple(name for name in BASE_URLS if name in available_sites())

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin an episode on fresh sites; ``options={"task_id": ...}`` chooses the task.

        Raises:
            UnknownTask: no task with that id among this env's.
            SiteNotAvailable: the task needs a site that is not embedded.
            InfraError: the start page could not be opened, twice.
        """
        super().reset(seed=seed)
        unknown = set(options or ()) - {"task_id"}
        if unknown:
            raise ValueError(f"reset takes the option task_id, got {', '.join(sorted(unknown))}")
        task_id = (options or {}).get("task_id")
        self._running = False
        self._budget.begin()
        self._world.reset()
        self._task = (
            self._tasks.sample(self.np_random, self._world.store)
            if task_id is None
            else self._tasks.get(task_id, self._world.store)
        )
        if self.config.scoring == "verified":
            self._task = asked_by_verified(self._task, self._base_urls)
        self._require_sites(self._task)
        if isinstance(self._world, World):
            self._world.close_others(self._task.sites)
        self._evaluator = build_evaluator(
            self._task,
            scoring=self.config.scoring,
            judge=self._judge,
            base_urls=self._base_urls,
            progress=lambda outcome: self._progress(outcome.answer),
        )
        for attempt in range(1, _RESET_ATTEMPTS + 1):
            try:
                self._begin()
                break
            except InfraError:
                self._close_engine()
                if attempt == _RESET_ATTEMPTS:
                    raise
                self._world.reset()
        self._step, self._part, self._parts = 0, 0, 1
        self._shown: tuple[int, int] | None = None
        self._seen: list[SeenPage] = []
        self._milestones = MilestoneTracker(self._task, self._base_urls)
        observation = self._observe("")
        self._milestones.update(self._progress(None), revision=self._world.revision)
        self._running = True
        return observation, self._info("", None, None)

    def _begin(self) -> None:
        assert self._task is not None
        if self._engine is None:
            self._engine = make_engine(self._world, self.config)
        origins = {site.name: site.origin for site in self._world.sites}
        cookies = tuple(
            Cookie(origins[name], key, value)
            for name in self._task.sites
            for key, value in self._world.sign_in(name).items()
        )
        allowed = [origins[name] for name in self._task.sites]
        if len(allowed) > 1 and "homepage" in origins:
            allowed.append(origins["homepage"])  # it links to all sites: how a policy finds the other one
        forms = () if self._remote is None else map(self._remote.sign_in_form, self._task.sites)
        sign_ins = tuple(form for form in forms if form is not None)
        start = EpisodeStart(self._task.start_urls, tuple(allowed), cookies, sign_ins)
        try:
            with self._budget.running():
                self._engine.reset(start)
        except ActionError as error:  # nobody acted yet: the site leads elsewhere
            raise SiteError(f"the start page cannot be opened: {error}") from error

    def _require_sites(self, task: Task) -> None:
        here = {site.name for site in self._world.sites}
        for name in task.sites:
            if name not in here:
                if self._remote is not None:
                    raise SiteNotAvailable(f"task {task.task_id} needs {name}; set {variable(name)} to its address")
                get_site(name)  # raises and says so, if there is no such replica at all
                raise SiteNotAvailable(f"task {task.task_id} needs {name}, which this env does not serve")

    def step(self, action: str) -> tuple[str, float, bool, bool, dict[str, Any]]:
        """Run one action text and observe the page it leads to.

        A malformed action or a missing element leaves the page as it is and is explained in the next observation's header.

        Raises:
            gymnasium.error.ResetNeeded: before the first ``reset`` or after the episode's end.
        """
        if not self._running or self._engine is None:
            raise gym.error.ResetNeeded("call reset() first: no episode is running")
        self._step += 1
        last_error, result, answer = "", None, None
        try:
            with self._budget.running():
                try:
                    parsed = parse_action(action)
                    if isinstance(parsed, Stop):
                        answer = parsed.answer
                    elif isinstance(parsed, Scroll):
                        self._scroll(parsed)
                    elif not isinstance(parsed, Noop):
                        self._engine.execute(parsed)
                except ActionError as error:  # the policy's mistake: it costs a step and is shown to it
                    last_error = str(error)
                observation = self._observe(last_error)
                progress = self._progress(answer)
                self._milestones.update(progress, revision=self._world.revision)
                truncated = answer is None and self._step >= self.config.max_steps
                if answer is not None or (truncated and self.config.scoring == "strict"):
                    result = self._evaluator.evaluate(progress.outcome())
        except InfraError as error:  # nobody's action: never a reward to learn from
            self._running = False
            return (
                self._last_observation,
                0.0,
                False,
                True,
                self._info(last_error, None, f"{type(error).__name__}: {error}"),
            )
        terminated = answer is not None
        self._running = not (terminated or truncated)
        if result is None and truncated:
            result = EvalResult(False, (CheckResult("stop", False, "the policy never stopped"),))
        reward = float(result is not None and result.success)
        return observation, reward, terminated, truncated, self._info(last_error, result, None)

    def _scroll(self, action: Scroll) -> None:
        target = self._part + (1 if action.direction == "down" else -1)
        if not 0 <= target < self._parts:
            raise ActionError(
                "this is the last part of the page" if target > 0 else "this is the first part of the page"
            )
        self._part = target

    def _observe(self, last_error: str) -> str:
        assert self._engine is not None and self._task is not None
        page = self._engine.page()
        _, text, parts = self._pages.of(page.nodes)
        view = page.document, page.active_tab
        if view != self._shown:
            self._shown, self._part = view, 0
        self._part, self._parts = min(self._part, len(parts) - 1), len(parts)
        header = render_header(
            goal=self._task.intent,
            step=self._step,
            max_steps=self.config.max_steps,
            url=page.url,
            tabs=page.tabs,
            active_tab=page.active_tab,
            last_error=last_error,
            part=self._part + 1,
            parts=len(parts),
        )
        self._url, self._text = page.url, text
        if self.config.scoring == "hardened":
            seen = SeenPage(page.url, "\n".join(render_lines(page.nodes)))
            self._seen += [seen] if seen not in self._seen else []
        self._last_observation = f"{header}\n\n{parts[self._part]}"
        return self._last_observation

    def _progress(self, answer: str | None) -> Progress:
        engine = self._engine
        assert engine is not None
        return Progress(
            url=self._url,
            text=self._text,
            answer=answer,
            client=engine.client(),
            store=self._world.store,
            outcome=lambda: Outcome(
                answer,
                engine.document(),
                engine.client(),
                tuple(self._world.events),
                self._world.changes,
                tuple(self._seen),
            ),
        )

    def _info(self, last_error: str, result: EvalResult | None, infra_error: str | None) -> dict[str, Any]:
        assert self._task is not None
        return {
            "task_id": self._task.task_id,
            "site": "+".join(self._task.sites),
            "url": self._url,
            "step": self._step,
            "last_error": last_error,
            "milestones": self._milestones.reached(),
            "success": None if result is None else result.success,
            "eval_result": result,
            "infra_error": infra_error,
        }

    def render(self) -> str | np.ndarray | None:
        """The last observation for "ansi", the page as an RGB image for "rgb_array", nothing for "human"."""
        if self.render_mode == "ansi":
            return self._last_observation
        if self.render_mode == "rgb_array" and self._engine is not None:
            return self._engine.screenshot()
        return None

    @property
    def task(self) -> Task:
        """The running episode's task, scoring half included: for tools and tests, never for a policy."""
        if self._task is None:
            raise gym.error.ResetNeeded("call reset() first: no task is chosen yet")
        return self._task

    @property
    def world(self) -> World | RemoteWorld:
        """The sites of this env, for tools and tests."""
        return self._world

    @property
    def engine(self) -> Engine:
        """The engine of the running episode, for tools and tests."""
        if self._engine is None:
            raise gym.error.ResetNeeded("call reset() first: no engine runs yet")
        return self._engine

    @property
    def task_ids(self) -> tuple[int | str, ...]:
        """The ids of the official tasks or of the list this env was made with; empty for generated splits."""
        return self._tasks.ids()

    def _close_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def close(self) -> None:
        """Release the sites and the browser context."""
        self._running = False
        self._close_engine()
        self._world.close()


def _require_playwright() -> None:
    from importlib.util import find_spec

    if find_spec("playwright") is None:
        from .errors import MissingDependency

        raise MissingDependency("playwright", "browser", "engine='browser'")
