"""The wheel: what it holds, and that it runs an episode in an empty environment, with and without the browser extra."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from webarena_gym import cli

ROOT = Path(__file__).parent.parent
EPISODE = """
import gymnasium as gym
env = gym.make("webarena_gym:WebArenaLite-shopping-v0", engine={engine!r}, cache_dir="images")
observation, info = env.reset(seed=0, options={{"task_id": 36}})
observation, reward, terminated, truncated, info = env.step("click(1)")
observation, reward, terminated, truncated, info = env.step('stop("0")')
print("reward", reward, terminated, "My Account" in observation)
env.close()
"""


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    source = tmp_path_factory.mktemp("source") / "tree"
    tracked = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, tracked):  # a copy, since setuptools writes beside the sources
        target = source / name
        if (ROOT / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", out, source)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheels_top_level_holds_only_two_names(wheel):
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"webarena_gym", "reward_wrappers"}


def test_the_wheel_holds_every_source_file_template_and_seed(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = set()
    for folder, package in (("webarena_gym", "webarena_gym"), ("reward_wrappers", "reward_wrappers"),
                            ("agents", "webarena_gym/agents"), ("benchmarks", "webarena_gym/benchmarks")):  # fmt: skip
        for path in (ROOT / folder).rglob("*"):
            relative = path.relative_to(ROOT / folder).as_posix()
            if path.is_file() and "__pycache__" not in relative and not relative.startswith("results/"):
                expected.add(f"{package}/{relative}")
    assert expected - inside == set()
    assert not any("/tests/" in name or name.startswith("tests") for name in inside)


def test_every_package_folder_is_named_in_pyproject():
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    found = set()
    for folder, package in (("webarena_gym", "webarena_gym"), ("reward_wrappers", "reward_wrappers"),
                            ("agents", "webarena_gym.agents"), ("benchmarks", "webarena_gym.benchmarks")):  # fmt: skip
        for path in (ROOT / folder).rglob("__init__.py"):
            parts = path.parent.relative_to(ROOT / folder).parts
            found.add(".".join([package, *parts]))
    assert found == set(packages)


def test_every_extra_that_a_message_names_is_one():
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"])
    named = set()
    for folder in ("webarena_gym", "reward_wrappers", "agents", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            named |= {
                extra for found in re.findall(r"webarena-gym\[([a-z0-9,]+)\]", text) for extra in found.split(",")
            }
            named |= set(re.findall(r'MissingDependency\("[^"]+", "([^"]+)"', text))
    assert len(named) >= 8 and named <= extras
    assert set(cli._EXTRAS.values()) <= extras


def test_an_installed_wheel_plays_an_episode_outside_the_repository(wheel, tmp_path):
    home = tmp_path / "empty"
    venv.create(home, with_pip=True)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert run(python, "-c", EPISODE.format(engine="http"), cwd=tmp_path) == "reward 1.0 True True\n"
    command = home / ("Scripts" if os.name == "nt" else "bin") / "webarena-gym"
    assert "needs torch" in run(command, "--help", cwd=tmp_path)
    refused = subprocess.run(
        [str(python), "-c", EPISODE.format(engine="browser")], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "pip install 'webarena-gym[browser]'" in refused.stderr
    run(python, "-m", "pip", "install", "--quiet", f"{wheel}[browser]", cwd=tmp_path)
    assert run(python, "-c", EPISODE.format(engine="browser"), cwd=tmp_path) == "reward 1.0 True True\n"
    assert "45 tasks" in run(command, "list", "--site", "shopping", cwd=tmp_path)
