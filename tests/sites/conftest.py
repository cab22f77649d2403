from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.sites.reader import Reader
from webarena_gym.evaluators.verified import library
from webarena_gym.evaluators.verified_trace import har_entry
from webarena_gym.sites.registry import BASE_URLS, PLACEHOLDERS


@pytest.fixture(scope="session")
def judge() -> Callable[..., bool]:
    """``judge(task id among the 812, visitor)``: whether webarena-verified's own evaluators accept the requests so far.

    ``kind`` is what the visitor says that was done, ``status`` how it went, ``data`` what was retrieved.
    """
    verified = library(tuple((PLACEHOLDERS[site], url) for site, url in BASE_URLS.items()))

    def accepts(task: int, visitor: Reader, kind: str = "mutate", *, data: Any = None, status: str = "SUCCESS") -> bool:
        answer = {"task_type": kind, "status": status, "retrieved_data": data}
        trace = [har_entry(event) for event in visitor.world.events]
        result = verified.evaluate_task(task_id=task, agent_response=answer, network_trace=trace)
        assert result.error_msg is None, result.error_msg
        return result.score == 1.0

    return accepts
