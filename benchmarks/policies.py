"""Policies by the names that commands take: ``random``, ``random:never-stops``, ``oracle``, ``candidate:FILE``, ``llm:MODEL``, ``chat:MODEL``, and
what other packages offer.

A model may be one that ``webarena-gym train --policy llm:...`` left in a folder. ``plan+`` before a name wraps the policy in a
``SubgoalPlanner`` that asks the same model.

An entry point of the group ``webarena_gym.policies`` named ``llm`` serves ``--policy llm:ARGUMENT``: a function that takes
the argument, a text, and returns an object with ``sample`` (see ``agents.policy.ActingPolicy``). Where that object has a
``name``, tables show it; where it has ``states_at_once``, that many episodes are played side by side for it in one process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from webarena_gym.agents.policy import ActingPolicy, ActionSample
from webarena_gym.agents.trajectory import State

from webarena_gym.env import WebArenaEnv
from webarena_gym.errors import WebArenaGymError

from .episodes import OracleActing

if TYPE_CHECKING:
    from webarena_gym.agents.train_config import TrainConfig

GROUP = "webarena_gym.policies"
PLANNED = "plan+"
NEVER_STOPS = "never-stops"
BUILT_IN = ("random", "oracle", "candidate", "llm", "chat")


class PolicyError(WebArenaGymError, ValueError):
    """A policy's name or what it points to cannot be used."""


class LoadedPolicy(NamedTuple):
    """A policy ready to act, and what a table should call it."""

    policy: ActingPolicy
    name: str
    note: str = ""
    """What must be said beside its results."""
    learner: Any = None
    """The algorithm that trained it, with its critic, where a checkpoint has one."""
    training: str = ""
    """The command that trained it, defaults left out; empty if nothing here did."""


def known_policies() -> tuple[str, ...]:
    """The names before the colon, built in and installed."""
    return (*BUILT_IN, *sorted({point.name for point in entry_points(group=GROUP)} - set(BUILT_IN)))


def check_policy(spec: str, options: Mapping[str, Any] | None = None) -> None:
    """Raise ``PolicyError`` for a name that nothing answers to, or options that it has not, before any process is started."""
    name, _, argument = spec.removeprefix(PLANNED).partition(":")
    if spec.startswith(PLANNED) and name not in ("llm", "chat"):
        raise PolicyError(f"{PLANNED} asks the policy's own language model for subgoals, and {name!r} has none")
    if name not in known_policies():
        raise PolicyError(f"no policy {name!r}; there are {', '.join(known_policies())}")
    if name == "candidate":
        _checkpoint_file(argument)
    if name == "random" and argument not in ("", NEVER_STOPS):
        raise PolicyError(f"it is random, or random:{NEVER_STOPS}; got {spec!r}")
    if name in ("llm", "chat") and not argument:
        raise PolicyError(f"say which model: {name}:MODEL")
    if options:
        _check_options(name, options)


def _check_options(name: str, options: Mapping[str, Any]) -> None:
    if name != "llm":
        raise PolicyError(f"only llm:MODEL takes options, got {', '.join(options)} for {name!r}")
    from webarena_gym.agents.llm_config import LLMPolicyConfig

    known = [field.name for field in fields(LLMPolicyConfig)]
    if unknown := sorted(set(options) - set(known)):
        raise PolicyError(f"a language model has no option {', '.join(unknown)}; its options are {', '.join(known)}")


def load_policy(spec: str, env: WebArenaEnv, options: Mapping[str, Any] | None = None) -> LoadedPolicy:
    """The policy that ``spec`` names. ``env`` is where it will act, one episode at a time; only the oracle looks at it.
    ``options`` are fields of ``LLMPolicyConfig``, for a language model.

    Raises:
        PolicyError: Unknown name or option, or a checkpoint that is missing or of another kind.
    """
    check_policy(spec, options)
    if spec.startswith(PLANNED):
        return _planned(load_policy(spec.removeprefix(PLANNED), env, options))
    name, _, argument = spec.partition(":")
    if name == "random":
        return LoadedPolicy(
            RandomPolicy(stops=argument != NEVER_STOPS),
            f"random, {argument.replace('-', ' ')}" if argument else "random",
        )
    if name == "oracle":
        return LoadedPolicy(OracleActing(env), "scripted oracle", "not a learned policy")
    if name == "candidate":
        return _candidate(argument)
    if name == "llm":
        return _llm(argument, options or {})
    if name == "chat":
        return _chat(argument)
    (point, *_) = entry_points(group=GROUP, name=name)
    policy = point.load()(argument)
    return LoadedPolicy(policy, getattr(policy, "name", spec))


class RandomPolicy:
    """Any action that the page offers, each as likely: the candidates of ``agents.candidates``, with or without its stops.

    With them it soon stops, on the second or third action; without, episodes last until the step limit.
    """

    def __init__(self, *, stops: bool = True) -> None:
        from webarena_gym.agents.features import Featurizer

        self._featurize, self._stops = Featurizer(), stops

    def sample(
        self, states: Sequence[State], randoms: Sequence[np.random.Generator], *, temperature: float = 1.0
    ) -> list[ActionSample]:
        samples = []
        for state, random in zip(states, randoms, strict=True):
            actions = self._featurize(state).actions
            if not self._stops:
                actions = [action for action in actions if not action.startswith("stop(")] or ["noop()"]
            samples.append(ActionSample(actions[int(random.integers(len(actions)))], float(-np.log(len(actions)))))
        return samples


def _candidate(argument: str) -> LoadedPolicy:
    from webarena_gym.agents.algorithms.registry import make_algorithm
    from webarena_gym.agents.candidate_policy import CandidatePolicy, CandidatePolicyConfig
    from webarena_gym.agents.run_folder import load_checkpoint
    from webarena_gym.agents.train_config import TrainConfig

    file = _checkpoint_file(argument)
    checkpoint = load_checkpoint(file)
    settings = file.with_name("config.json")
    if not settings.exists():  # weights without their run: the default sizes, no critic
        policy = CandidatePolicy(CandidatePolicyConfig(), seed=0)
        policy.load_state_dict(checkpoint["policy"])
        return LoadedPolicy(policy, f"CandidatePolicy ({file.stem})")
    config = TrainConfig.from_json(json.loads(settings.read_text(encoding="utf-8")))
    policy = CandidatePolicy(config.policy, seed=config.seed)
    learner = make_algorithm(config.algorithm, policy, config.algorithm_config(), seed=config.seed)
    policy.load_state_dict(checkpoint["policy"])
    learner.load_state_dict(checkpoint["algorithm"])
    note = "TRAINED ON THE OFFICIAL TASKS" if config.train_on_test else ""
    name = f"CandidatePolicy, {trained_by(config)}, seed {config.seed}"
    return LoadedPolicy(policy, name, note, learner, training_command(config))


def trained_by(config: TrainConfig) -> str:
    """Algorithm, reward and start in a few words.

    >>> from webarena_gym.agents.train_config import TrainConfig
    >>> trained_by(TrainConfig(algorithm="ppo", reward="bonus"))
    'ppo, bonus reward'
    """
    words = config.algorithm
    if config.init is not None:
        settings = Path(config.init).with_name("config.json")
        start = json.loads(settings.read_text(encoding="utf-8"))["algorithm"] if settings.exists() else "a checkpoint"
        words += f" from {start}"
    return words if config.reward == "sparse" else f"{words}, {config.reward} reward"


def training_command(config: TrainConfig) -> str:
    """The command that trains such a policy, defaults left out.

    >>> from webarena_gym.agents.train_config import TrainConfig
    >>> training_command(TrainConfig(algorithm="bc", env_steps=500, options={"learning_rate": 0.01}))
    'webarena-gym train --algorithm bc --env-steps 500 --option learning_rate=0.01'
    """
    from webarena_gym.agents.algorithms.registry import default_config
    from webarena_gym.agents.train_config import TrainConfig

    words, usual = ["webarena-gym train --algorithm", config.algorithm], TrainConfig()
    for field in fields(TrainConfig):
        value = getattr(config, field.name)
        if field.name in ("algorithm", "options", "policy") or value == getattr(usual, field.name):
            continue
        if field.name == "gamma" and value == default_config(config.algorithm).gamma:
            continue  # a stored config has it written out
        flag = "--env" if field.name == "env_id" else f"--{field.name.replace('_', '-')}"
        if isinstance(value, bool):
            words.append(flag)
            continue
        words += [flag, ",".join(map(str, value)) if isinstance(value, tuple) else str(value)]
    defaults = asdict(default_config(config.algorithm))
    changed = {name: value for name, value in config.options.items() if defaults[name] != value and name != "gamma"}
    words += [f"--option {name}={json.dumps(value)}" for name, value in changed.items()]
    return " ".join(words)


def _llm(argument: str, options: Mapping[str, Any]) -> LoadedPolicy:
    from webarena_gym.agents.llm_config import LLMPolicyConfig
    from webarena_gym.agents.llm_policy import LLMPolicy
    from webarena_gym.agents.run_folder import load_checkpoint
    from webarena_gym.agents.train_config import TrainConfig

    folder = Path(argument)
    if not (folder / "checkpoint.pt").exists():  # a model, not a run of training
        policy = LLMPolicy(LLMPolicyConfig(**{"model": argument, "lora_rank": 0, **options}))
        return LoadedPolicy(policy, policy.name, policy.note)
    config = TrainConfig.from_json(json.loads((folder / "config.json").read_text(encoding="utf-8")))
    if not isinstance(config.policy, LLMPolicyConfig):
        raise PolicyError(f"{folder} holds a run of another kind of policy; use candidate:{folder}")
    policy = LLMPolicy(replace(config.policy, **options), seed=config.seed)
    policy.load_state_dict(load_checkpoint(folder / "checkpoint.pt")["policy"])
    note = "TRAINED ON THE OFFICIAL TASKS" if config.train_on_test else policy.note
    name = f"{policy.name}, {trained_by(config)}, seed {config.seed}"
    return LoadedPolicy(policy, name, note, training=training_command(config))


def _chat(argument: str) -> LoadedPolicy:
    """The endpoint and key that OpenAI's own client finds in OPENAI_BASE_URL and OPENAI_API_KEY."""
    from webarena_gym.agents.chat_client import ChatClient, ChatConfig
    from webarena_gym.agents.chat_policy import ChatPolicy

    return LoadedPolicy(ChatPolicy(ChatClient(ChatConfig(model=argument))), argument)


def _planned(inner: LoadedPolicy) -> LoadedPolicy:
    from webarena_gym.agents.local_text_model import LocalTextModel
    from webarena_gym.agents.planner import SubgoalPlanner

    policy: Any = inner.policy
    model = policy.client if hasattr(policy, "client") else LocalTextModel(policy.config, policy=policy)
    planner = SubgoalPlanner(policy, model)
    return LoadedPolicy(planner, planner.name, inner.note)


def _checkpoint_file(argument: str) -> Path:
    if not argument:
        raise PolicyError("say which checkpoint: candidate:FILE, or candidate:FOLDER of a training run")
    path = Path(argument)
    path = path / "checkpoint.pt" if path.is_dir() else path
    if not path.exists():
        raise PolicyError(f"there is no checkpoint {path}; webarena-gym train --out FOLDER makes one")
    return path


def critic_values(learner: Any, states: Sequence[State]) -> tuple[float, ...]:
    """What a learner's critic says of each state; empty if it has none."""
    import torch

    critic = getattr(learner, "critic", None)
    if critic is None or not states:
        return ()
    with torch.no_grad():
        return tuple(np.asarray(critic(states), dtype=np.float64).tolist())
