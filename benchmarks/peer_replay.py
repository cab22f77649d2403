"""BrowserGym, unmodified, replaying recorded episodes on served sites: run by the Python of ``make peer``, not by our own.

Reads JSON lines from standard input and writes JSON lines to standard output, which is kept free of anything else:

    {"instance": true}                 -> {"instance": {...}}   its own check, full reset and logins
    {"old_task_id": 4, "steps": [...]} -> {"verdicts": [...]}   its own scorer's reward for each answer among the steps

In between it may ask ``{"judge": {...}}`` and reads ``{"verdict": true}``: its two functions that would ask a language
model are the only thing replaced. Sites are where the WA_* variables say. ``--chromium`` names the browser.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from peer_browsergym import provide_chromium

# Chromium's names for roles that ours are called otherwise.
_ROLES = {
    "DisclosureTriangle": "button",
    "DisclosureTriangleGrouped": "button",
    "SearchBox": "searchbox",
    "image": "img",
}


_PATIENCE_MS = 8_000
_ATTEMPTS = 3
_LATE = "Timeout 500ms exceeded"


class Pipe:
    """JSON lines to and from the parent."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # whatever else prints goes to standard error

    def read(self) -> dict[str, Any] | None:
        line = sys.stdin.readline()
        return json.loads(line) if line else None

    def write(self, message: dict[str, Any]) -> None:
        self._out.write(json.dumps(message, ensure_ascii=False) + "\n")
        self._out.flush()


def ask_the_parent(pipe: Pipe) -> None:
    """Put the parent in the place of the language model, which is asked in two functions."""
    from browsergym.webarenalite import evaluators

    def judge(kind: str) -> Any:
        def decide(pred: str, reference: str, question: str) -> float:
            pipe.write({"judge": {"kind": kind, "text": pred, "reference": reference, "intent": question}})
            answer = pipe.read()
            assert answer is not None, "the parent went away"
            return float(answer["verdict"])

        return decide

    evaluators.llm_fuzzy_match = judge("same meaning")
    evaluators.llm_ua_match = judge("same reason")


def check_instance(chromium: str) -> dict[str, Any]:
    """What BrowserGym does before a benchmark: reach every site, reset all of them, sign in wherever there are accounts."""
    from browsergym.webarena.instance import WebArenaInstance
    from playwright.sync_api import sync_playwright

    instance = WebArenaInstance()
    instance.check_status()
    instance.full_reset(skip_if_not_set=False)
    signed_in = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for site in instance.urls:
            context = browser.new_context()
            context.set_default_timeout(10_000)
            instance.ui_login(site=site, page=context.new_page())
            signed_in[site] = len(context.cookies())
            context.close()
        browser.close()
    return {"reached": sorted(instance.urls), "cookies": signed_in}


class Replay:
    """One BrowserGym env for each task, one at a time."""

    def __init__(self) -> None:
        import browsergym.webarenalite  # registers the envs
        import gymnasium
        from browsergym.core.action.highlevel import HighLevelActionSet

        del browsergym
        self._make = gymnasium.make
        self._actions = HighLevelActionSet(subsets=["chat", "infeas", "bid", "coord", "nav", "tab"])
        self._env: Any = None
        self._task_id: int | None = None

    def run(self, old_task_id: int, steps: list[dict[str, Any]]) -> dict[str, Any]:
        """The verdict on each answer among the steps: the reward, the address it was given at, and what went wrong.

        Only answers are scored: scored after each step, BrowserGym would open the pages to check in the solver's own tab.
        """
        _full_reset()
        env = self._env_of(old_task_id)
        observation, _ = env.reset(seed=0)
        verdicts: list[dict[str, Any]] = []
        for step in steps:
            if step["do"] == "answer":
                verdicts.append(self._answer(env, step))
            else:
                try:
                    observation = self._act(env, step, observation)
                except ReplayError as error:
                    left = sum(step["do"] == "answer" for step in steps) - len(verdicts)
                    return {"verdicts": verdicts + left * [{"reward": 0.0, "url": env.page.url, "error": str(error)}]}
        return {"verdicts": verdicts}

    def _answer(self, env: Any, step: dict[str, Any]) -> dict[str, Any]:
        """Give an answer and have it scored."""
        url = env.page.url
        observation, reward, terminated, _, info = env.step(f"send_msg_to_user({step['text']!r})")
        assert terminated, "an answer ends an episode"
        problem = observation["last_action_error"] or info["task_info"].get("error", "")
        return {"reward": float(reward), "url": url, "error": problem}

    def _act(self, env: Any, step: dict[str, Any], observation: dict[str, Any]) -> dict[str, Any]:
        """Do a step that is no answer; returns the observation after it.

        BrowserGym gives an action half a second, which on a busy machine may not be enough for the page to come, or for
        the action to begin: then it is waited for, and tried again.

        Raises:
            ReplayError: it failed, or led somewhere else than in the recording.
        """
        wanted = step.get("leads_to")
        for _ in range(_ATTEMPTS):
            action = action_text(step, observation)
            observation = self._unscored(env, action)
            problem = observation["last_action_error"]
            late = _LATE in problem
            if problem and not late:
                raise ReplayError(f"{action}: {problem}")
            if wanted is None:
                if not late:
                    return observation
                continue
            if self._arrives(env, wanted):
                if late or observation["url"] != wanted:
                    observation = env.post_step({}, validate=False)[0]
                return observation
            # A form that leads to its own page is one entry of our history and two of a browser's.
            if not late and step["do"] != "back":
                break
        raise ReplayError(f"{action} led to {env.page.url}, not to {wanted}; {problem}")

    @staticmethod
    def _arrives(env: Any, url: str) -> bool:
        """Whether the page at ``url`` comes within some seconds."""
        for _ in range(_PATIENCE_MS // 100):
            if env.page.url == url:
                env.page.wait_for_load_state()
                return True
            env.page.wait_for_timeout(100)
        return env.page.url == url

    def _env_of(self, old_task_id: int) -> Any:
        if self._task_id != old_task_id:
            self.close()
            # Their pauses between actions are for people and for scripts of real sites.
            made = self._make(
                f"browsergym/webarenalite.{old_task_id}", slow_mo=0, pre_observation_delay=0.05, headless=True,
                action_mapping=self._actions.to_python_code,
            )  # fmt: skip
            self._env, self._task_id = made.unwrapped, old_task_id
        return self._env

    @staticmethod
    def _unscored(env: Any, action: str) -> dict[str, Any]:
        """``env.step`` without its validation, out of the parts that BrowserGym offers for that."""
        from browsergym.core.action.base import execute_python_code

        env.last_action = action
        info, send_message_to_user, report_infeasible_instructions = env.pre_step()
        try:
            execute_python_code(
                env.action_mapping(action), env.page, send_message_to_user=send_message_to_user,
                report_infeasible_instructions=report_infeasible_instructions,
            )  # fmt: skip
            env.last_action_error = ""
        except Exception as error:  # as in env.step: whatever an action raises is shown to the policy
            env.last_action_error = f"{type(error).__name__}: {error}"
        return env.post_step(info, validate=False)[0]

    def close(self) -> None:
        if self._env is not None:
            self._env.close()
            self._env = self._task_id = None


def _full_reset() -> None:
    from browsergym.webarena.instance import WebArenaInstance

    WebArenaInstance().full_reset(skip_if_not_set=False)


class ReplayError(Exception):
    """A recorded step cannot be done here, or does something else."""


def action_text(step: dict[str, Any], observation: dict[str, Any]) -> str:
    """BrowserGym's action text for a recorded step.

    Raises:
        ReplayError: the page has no such element.
    """
    bid = repr(find_bid(step["target"], observation)) if step.get("target") else ""
    match step["do"]:
        case "click":
            return f"click({bid})"
        case "fill":
            return f"fill({bid}, {step['text']!r})"
        case "select":
            return f"select_option({bid}, {step['options']!r})"
        case "press":
            return f"press({bid}, {step['key']!r})" if bid else f"keyboard_press({step['key']!r})"
        case "goto":
            return f"goto({step['url']!r})"
        case "back":
            return "go_back()"
        case "forward":
            return "go_forward()"
        case "new_tab":
            return "new_tab()"
        case "focus_tab":
            return f"tab_focus({step['index']})"
        case "close_tab":
            return "tab_close()"
    raise ValueError(f"unknown step {step['do']!r}")


def find_bid(target: dict[str, Any], observation: dict[str, Any]) -> str:
    """BrowserGym's id of the ``nth`` element of this role and name in the accessibility tree.

    Raises:
        ReplayError: there are fewer; says which names the role has.
    """
    name = " ".join(target["name"].split())
    found, others = [], []
    for node in in_order(observation["axtree_object"]["nodes"]):
        if node.get("ignored") or "browsergym_id" not in node:
            continue
        role = node["role"]["value"]
        if _ROLES.get(role, role) != target["role"]:
            continue
        shown = " ".join(str(node.get("name", {}).get("value", "")).split())
        (found if shown == name else others).append(node["browsergym_id"] if shown == name else shown)
    if len(found) <= target["nth"]:
        raise ReplayError(
            f"no {target['role']} {name!r} number {target['nth']} on {observation['url']}; others: {others[:30]}"
        )
    return found[target["nth"]]


def in_order(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The nodes of a tree in document order."""
    by_id = {node["nodeId"]: node for node in nodes}
    children = {child for node in nodes for child in node["childIds"]}
    waiting = [node["nodeId"] for node in reversed(nodes) if node["nodeId"] not in children]
    ordered = []
    while waiting:
        node = by_id.get(waiting.pop())
        if node is not None:
            ordered.append(node)
            waiting += reversed(node["childIds"])
    return ordered


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chromium", required=True, help="executable of the browser")
    args = parser.parse_args()
    pipe = Pipe()
    provide_chromium(args.chromium)
    replay = None
    while (request := pipe.read()) is not None:
        if "instance" in request:
            pipe.write({"instance": check_instance(args.chromium)})
            continue
        if replay is None:
            replay = Replay()
            ask_the_parent(pipe)
        pipe.write(replay.run(request["old_task_id"], request["steps"]))
    if replay is not None:
        replay.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
