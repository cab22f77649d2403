"""Stands in for ``peer_replay`` under a Python without BrowserGym: speaks the same JSON lines, replays nothing.

Asks the judge about every answer, gives a reward of 1 if the verdict is yes, stops dead at a step ``crash`` and says no more at a step ``hang``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any


def say(message: dict[str, Any]) -> None:
    print(json.dumps(message), flush=True)


def main() -> None:
    for line in sys.stdin:
        request = json.loads(line)
        if "instance" in request:
            say({"instance": {"reached": sorted(k for k in os.environ if k.startswith("WA_")), "cookies": {}}})
            continue
        verdicts = []
        for step in request["steps"]:
            if step["do"] == "crash":
                sys.exit(3)
            if step["do"] == "hang":
                time.sleep(60)
            if step["do"] == "answer":
                say(
                    {
                        "judge": {
                            "kind": "same meaning",
                            "text": step["text"],
                            "reference": "10h 33min",
                            "intent": "How long?",
                        }
                    }
                )
                verdict = json.loads(sys.stdin.readline())["verdict"]
                verdicts.append({"reward": float(verdict), "url": request["steps"][0].get("url", ""), "error": ""})
        say({"verdicts": verdicts})


if __name__ == "__main__":
    main()
