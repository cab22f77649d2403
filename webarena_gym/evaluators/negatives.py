"""Wrong answers to official tasks, to show that they are rejected, and what the official rules accept all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ..tasks.official import load_official_tasks
from ..tasks.schema import Task
from .statements import quoted_names
from .verified import listed
from .wording import contents

RunKind = Literal["nothing", "bare N/A", "wrong answer", "near miss"]

_IS_ANSWER = "the reference answer is N/A, which asks for no work"
# What WebArena-Lite's rules let pass although it is wrong, in the runs of `webarena-gym oracle`. Also in docs/scoring.md.
LENIENCIES: dict[RunKind, dict[int, str]] = {
    "bare N/A": {
        27: _IS_ANSWER,
        51: _IS_ANSWER,
        56: "the answer must only contain N/A",
        59: _IS_ANSWER,
        74: _IS_ANSWER,
        86: _IS_ANSWER,
        91: _IS_ANSWER,
        114: "a bare N/A is taken before the reason is asked for",
        161: _IS_ANSWER,
        162: "the answer must only contain N/A",
    },
    "near miss": {
        29: "a page of search results that shows both phrases is enough",
        87: "a page of search results that shows the name is enough",
        96: "the newest note of any merge request is read",
        101: "only the parent product is read, none of its variants",
        102: "a page of search results that shows the county is enough",
        116: "only one of the products is read",
        126: "more new variants than asked for do no harm",
        128: "any role will do, only the names are looked for",
        137: "/f/iphone13 contains /f/iphone",
        148: "the draft is not read",
    },
}


def listed_reason(task_id: int | str, kind: str, scoring: str) -> str:
    """Why a wrong run of this kind is accepted, or one of kind "solution" is rejected; empty where that is not known."""
    if scoring == "verified":
        return (listed("rejected") if kind == "solution" else listed("accepted").get(kind, {})).get(str(task_id), "")
    lenient = scoring in ("lite", "strict")
    return LENIENCIES.get(kind, {}).get(task_id, "") if lenient else ""  # type: ignore[call-overload]


def wrong_answers(task: Task) -> list[str]:
    """Answers to a ``string_match`` task with another entity's value, one part wrong, one missing, or values swapped.

    Empty for other tasks.
    """
    references = [r.split(" |OR| ")[0] for check in task.spec.strings for r in _listed(check.references)]
    if not references:
        return []
    changed = [_changed(reference, task) for reference in references]
    answers = [", ".join(changed)]
    if len(references) > 1:
        answers.append(", ".join([changed[0], *references[1:]]))
        answers.append(", ".join(references[:-1]))
        if rotated := _rotated(references):
            answers.append("\n".join(rotated))
    elif len(names := quoted_names(task.intent)) > 1:
        answers.append(", ".join([*names[1:], names[0]]))
    return answers


def _listed(references: str | Sequence[str]) -> Sequence[str]:
    return (references,) if isinstance(references, str) else references


def _changed(reference: str, task: Task) -> str:
    """Another value of the same kind: the last digit raised, yes for no, or a name that another task asks for."""
    if re.search(r"\d", reference):
        return re.sub(r"\d(?=\D*$)", lambda match: str((int(match[0]) + 1) % 10), reference)
    if re.match(r"(?:yes|no)\b", reference, re.I):
        return "No, it is not" if reference[0] in "Yy" else "Yes, it is closed"
    return _another_name(reference, task)


def _another_name(reference: str, task: Task) -> str:
    """The next name that another task expects, of the same site if there is one, with no word in common with this task."""
    own = frozenset().union(*(contents(r) for check in task.spec.strings for r in _listed(check.references)))
    tasks = load_official_tasks()
    start = task.task_id if isinstance(task.task_id, int) else 0
    others = sorted((*tasks[start + 1 :], *tasks[:start]), key=lambda other: other.sites[0] != task.sites[0])
    names = (name for other in others for check in other.spec.strings for name in _listed(check.references))
    return next(
        name
        for name in names
        if len(name) > 3
        and not re.search(r"\d|N/A|^yes|^no", name, re.I)
        and not contents(name) & own
        and reference.lower() not in name.lower()
    )


def _rotated(references: Sequence[str]) -> list[str]:
    """ "label: value" references with each label's value moved to the next label; empty if they are not of that form."""
    pairs = [re.fullmatch(r"(.+?): (.+)|(\d\d):(\d+)", reference) for reference in references]
    if not all(pairs):
        return []
    labels = [pair[1] or pair[3] for pair in pairs if pair is not None]
    values = [pair[2] or pair[4] for pair in pairs if pair is not None]
    return [f"{label}: {value}" for label, value in zip(labels, [*values[1:], values[0]], strict=True)]
