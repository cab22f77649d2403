"""Command-line options that several subcommands share."""

from __future__ import annotations

import argparse
from typing import Any


def add_env_options(parser: argparse.ArgumentParser) -> None:
    """--engine, --sites, --scoring, --scale and --cache-dir, as ``env_options`` reads them."""
    parser.add_argument(
        "--engine", choices=("http", "browser"), default="http", help="browserless or Chromium (default: http)"
    )
    parser.add_argument(
        "--sites",
        choices=("embedded", "remote"),
        default="embedded",
        help="remote: served elsewhere, at the WA_* addresses",
    )
    parser.add_argument("--scoring", choices=("lite", "strict", "hardened", "verified"), default="lite")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the generated part of the sites' data")
    parser.add_argument("--cache-dir", default=None, help="folder for site images (default: the user's cache folder)")


def env_options(args: argparse.Namespace) -> dict[str, Any]:
    """The keyword arguments of ``WebArenaEnv`` that the options stand for."""
    return {
        "engine": args.engine, "sites": args.sites, "scoring": args.scoring, "scale": args.scale, "cache_dir": args.cache_dir,
    }  # fmt: skip
