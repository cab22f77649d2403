"""The command itself: what it says where a package is not installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from webarena_gym.benchmarks import milestones_doorkey

from webarena_gym import cli

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = sys.modules["matplotlib"] = None
from webarena_gym.cli import main
assert main(["--help"]) == 0
assert main(["eval", "--policy", "random", "--tasks", "46", "--out", "run"]) == 2
"""

WITH_TRAIN_ALONE = """
import sys
for name in ("regex", "transformers", "peft", "accelerate", "openai", "stable_baselines3", "ray", "playwright", "urllib3"):
    sys.modules[name] = None
from webarena_gym.benchmarks.eval_config import EvalConfig
from webarena_gym.benchmarks.policies import load_policy
from webarena_gym.benchmarks.success_rate import evaluate
env = EvalConfig(policy="random", tasks=(46,)).env(cache_dir="images")
print(load_policy("random", env).name)
env.close()
"""


def test_a_plain_installation_lists_all_commands_and_says_what_others_need(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TORCH]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {line.split("  ")[1] for line in done.stdout.splitlines() if line.startswith("  ")} >= set(cli.commands())
    assert done.stderr == "error: webarena-gym eval needs torch; install it with: pip install 'webarena-gym[train]'\n"


def test_the_train_extra_is_enough_to_evaluate_a_small_policy(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITH_TRAIN_ALONE]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "random\n"), done.stderr


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, reason in ((tmp_path / "none.jsonl", "No such file or directory"), (tmp_path, "Is a directory")):
        assert cli.main(["bench", "fidelity", "--site", "map", "--recordings", str(path)]) == 2
        assert capsys.readouterr().err == f"error: {path}: {reason}\n"


def test_a_benchmark_that_lacks_its_package_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def version(package: str) -> str:
        if package == "minigrid":
            raise PackageNotFoundError(package)
        return "1"

    monkeypatch.setattr(milestones_doorkey, "version", version)
    assert cli.main(["bench", "milestones", "--out", str(tmp_path / "out.json")]) == 2
    needed = "pip install 'webarena-gym[benchmarks]'"
    assert (
        capsys.readouterr().err == f"error: webarena-gym bench milestones needs minigrid; install it with: {needed}\n"
    )


@pytest.mark.parametrize("words", [["broken"], ["--help"]])
def test_a_command_that_lacks_anything_else_fails_as_it_does(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def load(self) -> None:
            raise ModuleNotFoundError("No module named 'webarena_gym.gone'", name="webarena_gym.gone")

    monkeypatch.setattr(cli, "commands", lambda: {"broken": Broken()})
    with pytest.raises(ModuleNotFoundError, match="gone"):
        cli.main(words)
