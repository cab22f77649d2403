"""``JudgeCache``: verdicts on disk, one small file each, safe with several processes writing and after a crash."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from reward_wrappers.judge import Question


def cache_key(judge_name: str, question: Question) -> str:
    """A name for a question to a judge: 64 hexadecimal digits."""
    text = json.dumps([judge_name, question.description, question.evidence])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class JudgeCache:
    """Verdicts under a folder, as ``ab/abcd....json``.

    A file is written whole under a temporary name and then renamed, so a reader sees an old verdict, a new one or none.
    A file that is truncated, or is not the verdict its name says, counts as absent and is written anew.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._folder = Path(folder)

    def get(self, key: str) -> bool | None:
        """The verdict kept for ``key``, or None.

        Raises:
            OSError: If a file is there but cannot be read, say for its permissions.
        """
        try:
            kept = json.loads(self._path(key).read_bytes())
        except (FileNotFoundError, ValueError):  # ValueError: not JSON, or not even UTF-8
            return None
        if not isinstance(kept, dict) or kept.get("key") != key or not isinstance(kept.get("verdict"), bool):
            return None
        return kept["verdict"]

    def put(self, key: str, verdict: bool, *, judge_name: str, question: Question) -> None:
        """Keep a verdict. The judge and the milestone are written beside it for people who look.

        Raises:
            OSError: If the folder cannot be written.
        """
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = {"key": key, "verdict": verdict, "judge": judge_name, "description": question.description}
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(kept, file)
            os.replace(temporary, path)
        except BaseException:  # also where the user interrupts: no file is to be left behind
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"
