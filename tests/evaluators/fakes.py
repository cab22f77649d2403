"""Stand-ins for what an evaluator looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from webarena_gym.tasks.official import official_task
from webarena_gym.tasks.schema import Task
from webarena_gym.types import FieldState, HttpReply, LiveDocument, Outcome

BASE_URLS = {
    "__SHOPPING__": "http://shopping.test",
    "__SHOPPING_ADMIN__": "http://admin.test/admin",
    "__REDDIT__": "http://reddit.test",
    "__GITLAB__": "http://gitlab.test",
    "__MAP__": "http://map.test",
    "__WIKIPEDIA__": "http://wikipedia.test/landing",
}


def task(task_id: int) -> Task:
    return official_task(task_id, BASE_URLS)


@dataclass
class FakeClient:
    """Answers with the pages it is given, by address; notes what was asked for."""

    pages: Mapping[str, str | HttpReply] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def get(self, url: str) -> HttpReply:
        return self.request("GET", url)

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: str = "") -> HttpReply:
        self.asked.append((method, url))
        page = self.pages.get(url.split("?")[0], HttpReply(404, url, "<p>Not found"))
        return page if isinstance(page, HttpReply) else HttpReply(200, url, page)


def outcome(
    answer: str | None = "done",
    url: str = "http://shopping.test/",
    html: str = "<p>Hello",
    *,
    fields: tuple[FieldState, ...] = (),
    pages: Mapping[str, str | HttpReply] | None = None,
) -> Outcome:
    return Outcome(answer, LiveDocument(url, html, fields), FakeClient(pages or {}))
