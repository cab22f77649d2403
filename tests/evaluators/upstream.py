"""WebArena-Lite's own evaluators, run on what our evaluators are given: the yardstick for ``scoring="strict"``.

Their file is executed as it is, from the folder that ``tests.tasks.peer`` finds. What it imports and does not need here
(beartype, a browser, an LLM client) is replaced: pages come from an ``Outcome``, locators are read by our own parser, which
is compared with Chromium elsewhere, NLTK's sentence splitter runs untrained, and the LLM says what the test tells it to.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from nltk.tokenize.destructive import NLTKWordTokenizer
from nltk.tokenize.punkt import PunktSentenceTokenizer

from tests.evaluators.fakes import BASE_URLS
from tests.tasks.peer import peer_file
from webarena_gym.evaluators.dom import Document
from webarena_gym.evaluators.locator import parse_locator
from webarena_gym.types import LiveDocument, Outcome

_sentences, _words = PunktSentenceTokenizer(), NLTKWordTokenizer()


def word_tokenize(text: str) -> list[str]:
    """NLTK's function of that name, but for its trained sentence splitter, which is a download."""
    return [word for sentence in _sentences.tokenize(text) for word in _words.tokenize(sentence)]


def _module(name: str, **attributes: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    module.__dict__.update(attributes)
    module.__path__ = []  # type: ignore[attr-defined]
    return module


@contextmanager
def upstream_evaluators(llm: Callable[[str], str]) -> Iterator[types.ModuleType]:
    """Their module; ``llm`` maps a prompt to the model's reply."""
    addresses = {name: BASE_URLS[f"__{name}__"] for name in ("GITLAB", "MAP", "REDDIT", "SHOPPING", "SHOPPING_ADMIN")}

    def complete(messages: list[dict[str, str]], **settings: object) -> str:
        return llm(messages[-1]["content"])

    stubs = {
        "beartype": _module("beartype", beartype=lambda function: function),
        "nltk": _module("nltk"),
        "nltk.tokenize": _module("nltk.tokenize", word_tokenize=word_tokenize),
        "playwright": _module("playwright"),
        "playwright.sync_api": _module("playwright.sync_api", CDPSession=object, Page=object),
        "requests": _module("requests"),
        "webarena": _module("webarena"),
        "webarena.browser_env": _module("webarena.browser_env", Action=dict, StateInfo=dict),
        "webarena.browser_env.env_config": _module(
            "webarena.browser_env.env_config", ACCOUNTS={}, WIKIPEDIA=BASE_URLS["__WIKIPEDIA__"], **addresses
        ),
        "webarena.llms": _module("webarena.llms"),
        "webarena.llms.providers": _module("webarena.llms.providers"),
        "webarena.llms.providers.openai_utils": _module(
            "webarena.llms.providers.openai_utils", generate_from_openai_chat_completion=complete
        ),
    }
    package = "upstream_webarenalite"
    with mock.patch.dict(sys.modules, {**stubs, package: _module(package)}):
        _load(package, "helper_functions")
        yield _load(package, "evaluators")


def _load(package: str, name: str) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"{package}.{name}", peer_file(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _Page:
    """What their code asks of a Playwright page, over the pages of an ``Outcome``."""

    def __init__(self, outcome: Outcome) -> None:
        self._client, self._document = outcome.client, Document(outcome.page)
        self.url = outcome.page.url

    def goto(self, url: str) -> None:
        reply = self._client.get(url)
        self._document, self.url = Document(LiveDocument(reply.url, reply.text)), reply.url

    def content(self) -> str:
        return self._document.html

    def evaluate(self, script: str) -> str:
        return parse_locator(script.removeprefix("() => ")).read(self._document)


def upstream_score(module: types.ModuleType, config: dict[str, Any], outcome: Outcome, folder: Path) -> float:
    """The score that their task gives: that of their evaluators, 0 where one of them asserts something untrue."""
    text = json.dumps(config)
    for placeholder, url in BASE_URLS.items():
        text = text.replace(placeholder, url)
    path = folder / "config.json"
    path.write_text(text)
    answer = "whatever" if outcome.answer is None else outcome.answer
    evaluator = module.evaluator_router(path)
    with mock.patch.object(module.time, "sleep"):
        try:
            return evaluator([{}, {"answer": answer}], path, _Page(outcome), None)
        except AssertionError:
            return 0.0
