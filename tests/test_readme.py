"""README's first example prints what it says, and its commands are ones that the command line takes."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from webarena_gym.cli import commands

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    webarena-gym (.*?)(?:\s+#.*)?$", README, flags=re.MULTILINE)


def test_the_first_example_prints_what_its_comments_say(capsys, monkeypatch, cache_dir):
    monkeypatch.setenv("WEBARENA_GYM_CACHE", str(cache_dir))
    code = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)[1]
    exec(compile(code, "README.md", "exec"), {"__name__": "example"})
    printed = capsys.readouterr().out
    first, *promised = re.findall(r"^print\(.*\)\s+# (.*)$", code, flags=re.MULTILINE)
    assert printed.splitlines()[-len(promised) :] == promised and len(promised) == 2
    assert re.search(r'\[\d+\] link "My Account"', first)[0] in printed


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_readme_is_taken(line):
    words, known = shlex.split(line), commands()
    name = next(name for name in (" ".join(words[:2]), words[0]) if name in known)
    parser = argparse.ArgumentParser(exit_on_error=False)
    known[name].load().add_arguments(parser)
    assert parser.parse_args(words[len(name.split()) :])


def test_the_readme_opens_with_pictures_an_example_and_results_before_anything_else():
    order = ["claim_curves.svg", "viewer.webp", "```python", "## Results", "## Install"]
    assert [README.index(mark) for mark in order] == sorted(README.index(mark) for mark in order)
    assert len(COMMANDS) >= 4
