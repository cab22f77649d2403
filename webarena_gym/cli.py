"""The ``webarena-gym`` command. Its subcommands come from the entry-point group ``webarena_gym.commands``.

An entry point's name is the subcommand, a dot between its words (``bench.speed`` is ``webarena-gym bench speed``); its
value is a module with ``HELP``, ``add_arguments(parser)`` and ``run(args) -> exit status``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

from . import __version__
from .errors import WebArenaGymError
from .logs import LogSettings, add_log_options, set_up

GROUP = "webarena_gym.commands"
# What commands import that a plain installation lacks, and the extra that brings it.
_EXTRAS: dict[str | None, str] = {
    "torch": "train",
    "matplotlib": "train",
    "stable_baselines3": "sb3",
    "sb3_contrib": "sb3",
    "minigrid": "benchmarks",
}


def commands() -> dict[str, EntryPoint]:
    """Every subcommand by its words, such as "oracle" or "bench speed"."""
    return {point.name.replace(".", " "): point for point in sorted(entry_points(group=GROUP), key=lambda p: p.name)}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand; 2 for an error that the user can mend, its message on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    known = commands()
    name = next((name for name in (" ".join(words[:2]), words[0] if words else "") if name in known), None)
    if name is None:
        return _help(words, known)
    try:
        module = known[name].load()
        parser = argparse.ArgumentParser(prog=f"webarena-gym {name}", description=module.HELP)
        module.add_arguments(parser)
        add_log_options(parser)
        args = parser.parse_args(words[len(name.split()) :])
        set_up(LogSettings(args.log_level, args.log_file))
        return module.run(args)
    except (WebArenaGymError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except OSError as error:  # such as a file of an option that is not there; one without a name is none of these
        if error.filename is None:
            raise
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        print(f"error: webarena-gym {name} {_needs(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _help(words: list[str], known: dict[str, EntryPoint]) -> int:
    if words[:1] == ["--version"]:
        print(f"webarena-gym {__version__}")
        return 0
    asked = words[:1] in ([], ["-h"], ["--help"])
    group = {name: point for name, point in known.items() if words and name.startswith(words[0] + " ")}
    if not asked and not group:
        print(f"error: unknown command {' '.join(words[:1])!r}", file=sys.stderr)
    lines = [f"  {name:<18} {_help_of(point)}" for name, point in (group or known).items()]
    print("usage: webarena-gym COMMAND [options]; each COMMAND takes --help\n\n" + "\n".join(lines))
    return 0 if asked else 2


def _help_of(point: EntryPoint) -> str:
    try:
        return point.load().HELP
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        return _needs(error)


def _needs(error: ModuleNotFoundError) -> str:
    return f"needs {error.name}; install it with: pip install 'webarena-gym[{_EXTRAS[error.name]}]'"


if __name__ == "__main__":
    raise SystemExit(main())
