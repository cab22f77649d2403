"""``ChatPolicy``, planner and judge against endpoints: a scripted server for what goes wrong, and a real one with a real model.

The real one is ``transformers serve`` in a process of its own, with SmolLM2-135M-Instruct from its package.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from webarena_gym.agents.chat_client import ChatClient, ChatConfig, ChatError
from webarena_gym.agents.chat_policy import ChatPolicy, action_in
from webarena_gym.agents.judges import LLMJudge
from webarena_gym.agents.llm_config import LLMPolicyConfig
from webarena_gym.agents.llm_loading import load_model
from webarena_gym.agents.planner import SubgoalPlanner
from webarena_gym.agents.rollout import EpisodeRequest, InProcessCollector
from webarena_gym.agents.trajectory import State

from reward_wrappers.judge import Question
from tests.agents.fakes import TinyShop, observation_text
from tests.servers import QuietHandler, http_server

Reply = tuple[int, dict[str, str], bytes]


def answer(text: str | None, tokens: tuple[int, int] = (10, 3)) -> Reply:
    body = {
        "id": "1", "object": "chat.completion", "created": 0, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)},
    }  # fmt: skip
    return 200, {}, json.dumps(body).encode()


@contextmanager
def endpoint(reply: Callable[[int, dict[str, Any]], Reply]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers request number n with ``reply(n, request)``; gives its address and the requests so far."""
    seen: list[dict[str, Any]] = []
    lock = threading.Lock()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = len(seen)
                seen.append(request)
            status, headers, body = reply(number, request)
            self.answer(status, body, {"Content-Type": "application/json", **headers})

    with http_server(Handler) as url:
        yield f"{url}/v1", seen


def client(url: str, **changes: Any) -> ChatClient:
    return ChatClient(ChatConfig(**{"model": "m", "base_url": url, "retries": 0, "timeout_s": 5.0, **changes}))


def test_answers_come_in_order_with_what_they_cost():
    with endpoint(lambda n, request: answer(request["messages"][0]["content"].upper())) as (url, seen):
        one = client(url, usd_per_million_input=2.0, usd_per_million_output=10.0)
        assert one.complete(["a", "b", "c"], max_tokens=7) == ["A", "B", "C"]
    assert all(request["max_tokens"] == 7 and request["temperature"] == 0 for request in seen)
    # Three answers of 10 tokens in and 3 out: (30 * 2 + 9 * 10) / 1e6.
    assert (one.usage.requests, one.usage.input_tokens, one.usage.output_tokens) == (3, 30, 9)
    assert one.usage.usd == pytest.approx(150e-6)


def test_equal_requests_at_temperature_0_are_asked_once(tmp_path: Path):
    with endpoint(lambda n, request: answer(f"answer {n}")) as (url, seen):
        for _ in range(2):  # a new client, as in a new process
            assert client(url, cache_dir=tmp_path).complete(["same"], max_tokens=5) == ["answer 0"]
        next(tmp_path.iterdir()).write_text('{"answ')  # cut short: asked again
        assert client(url, cache_dir=tmp_path).complete(["same"], max_tokens=5) == ["answer 1"]
        assert client(url, cache_dir=tmp_path).chat(
            [[{"role": "user", "content": "same"}]], max_tokens=5, temperature=1.0
        )
        assert len(seen) == 3 and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_or_failing_server_is_asked_again(status):
    def reply(number: int, request: dict[str, Any]) -> Reply:
        return answer("at last") if number else (status, {"Retry-After": "0"}, b"{}")

    with endpoint(reply) as (url, seen):
        assert client(url, retries=2).complete(["x"], max_tokens=5) == ["at last"] and len(seen) == 2


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ((500, {}, b"{}"), "InternalServerError"),
        ((401, {}, b'{"error": {"message": "bad key"}}'), "AuthenticationError"),
        ((200, {}, b"this is no json"), "malformed|Error"),
        ((200, {}, b'{"choices": []}'), "malformed"),
        (answer(None), "without text"),
    ],
    ids=["failing", "refusing", "no json", "no choice", "no text"],
)
def test_no_usable_answer_is_an_infrastructure_error_never_an_action(reply, said):
    with endpoint(lambda n, request: reply) as (url, _):
        policy = ChatPolicy(client(url))
        with pytest.raises(ChatError, match=said):
            policy.client.complete(["x"], max_tokens=5)
        (played,) = InProcessCollector([TinyShop()]).collect(policy, [EpisodeRequest(1, 1)])
        assert played.infra_error is not None and played.success is None and policy.client.usage.failures == 2


def test_a_server_that_is_down_or_slow_is_reported():
    with endpoint(lambda n, request: answer("x")) as (url, _):
        pass
    with pytest.raises(ChatError, match="APIConnectionError"):
        client(url).complete(["x"], max_tokens=5)
    stopped = threading.Event()
    with endpoint(lambda n, request: (stopped.wait(20), answer("late"))[1]) as (url, _):
        with pytest.raises(ChatError, match="APITimeoutError"):
            client(url, timeout_s=0.2).complete(["x"], max_tokens=5)
        stopped.set()


def test_the_key_is_written_nowhere():
    config = ChatConfig(model="m", api_key="s3cret")
    assert "s3cret" not in repr(config) and "s3cret" not in json.dumps(config.to_json())


def test_a_policy_asks_with_the_goal_the_page_and_what_was_done():
    pages = tuple(observation_text("Buy it", t, f"http://a.test/{t}", ['[1] link "Cart"']) for t in range(2))
    with endpoint(lambda n, request: answer("Let me think.\n```\nclick(1)\n```")) as (url, seen):
        (sample,) = ChatPolicy(client(url)).sample([State(pages, ("click(1)",))], [np.random.default_rng(0)])
    assert (sample.text, sample.logprob) == ("click(1)", None)
    system, user = (message["content"] for message in seen[0]["messages"])
    assert "scroll" in system and "goal: Buy it" in user and user.startswith("actions so far:\nclick(1)\n")
    assert "seed" in seen[0] and seen[0]["temperature"] == 1.0


@pytest.mark.parametrize(
    ("text", "action"),
    [("click(3)", "click(3)"), ('Action: stop("a\\"b")', 'stop("a\\"b")'), ("", ""), ("`back()`\n\n", "back()"), ("```python\ngoto(\"/\")\n```", 'goto("/")')],
)  # fmt: skip
def test_actions_are_found_in_answers(text, action):
    assert action_in(text) == action


def test_a_judge_says_yes_no_or_nothing():
    words = {"one": "Yes, it does.", "two": "No.", "three": "I cannot tell."}

    def reply(number: int, request: dict[str, Any]) -> Reply:
        content = request["messages"][0]["content"]
        return answer(next(said for word, said in words.items() if f"Statement: {word}" in content))

    with endpoint(reply) as (url, seen):
        judge = LLMJudge(client(url, parallel=1))
        assert judge.decide([Question(word, "{description} stays text") for word in words]) == [True, False, None]
        assert "{description} stays text" in seen[0]["messages"][0]["content"] and "m" in judge.name


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[dict[str, str]]:
    """Address and model name of ``transformers serve`` with SmolLM2-135M-Instruct."""
    loaded = load_model(LLMPolicyConfig(model="smollm2-135m", dtype="float32", device="cpu"))
    folder = tmp_path_factory.mktemp("smollm2")
    loaded.model.save_pretrained(folder)
    loaded.tokenizer.save_pretrained(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("transformers")),
        "serve",
        str(folder),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with (
        open(folder / "serve.log", "wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process,
    ):
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
                    break
                except OSError:
                    assert process.poll() is None, (folder / "serve.log").read_text()[-2000:]
                    time.sleep(0.2)
            yield {"url": f"http://127.0.0.1:{port}/v1", "model": str(folder)}
        finally:
            process.terminate()


def real(served: dict[str, str]) -> ChatClient:
    return client(**served, timeout_s=120.0, parallel=1)


def test_a_real_server_answers_policy_judge_and_planner(served):
    one = real(served)
    policy = ChatPolicy(one, max_tokens=16)
    (played,) = InProcessCollector([TinyShop(max_steps=2)]).collect(policy, [EpisodeRequest(1, 1)])
    assert played.infra_error is None and 1 <= len(played.steps) <= 2
    assert one.usage.requests == len(played.steps) and one.usage.input_tokens > 300 and one.usage.output_tokens >= 1

    verdicts = LLMJudge(one).decide([Question("the cart holds two mugs", "Cart: 2 mugs, 1 lamp")])
    assert len(verdicts) == 1 and verdicts[0] in (True, False, None)

    planner = SubgoalPlanner(policy, one)
    state = State(
        (observation_text("Buy the red mug", 0, "http://shopping.test/", ['[1] link "Red mug" [2] link "Cart"']),)
    )
    (progress,) = planner.progress([state])
    assert 1 <= len(progress.subgoals) <= 4 and all(progress.subgoals)
    assert progress == planner.progress([state])[0]  # greedy, and remembered


def test_a_real_server_says_the_same_twice_at_temperature_0(served):
    prompts = ["Name three colours."] * 2
    assert len(set(real(served).complete(prompts, max_tokens=12))) == 1
