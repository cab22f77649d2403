"""``webarena-gym serve``: the embedded sites on WebArena's usual ports, until Ctrl-C."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

HELP = "serve the embedded sites on the usual WebArena ports"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port-base", type=int, default=None,
        help="use this port and the ones after it in place of the usual ones; 0: ports of the system's choice",
    )  # fmt: skip
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the generated part of the sites' data")
    parser.add_argument("--cache-dir", default=None, help="folder for site images (default: the user's cache folder)")
    parser.add_argument("--log", default=None, metavar="FILE", help="write the request log here, not to stderr")
    parser.add_argument("--quiet", action="store_true", help="no request log")
    parser.add_argument(
        "--faults", default="", metavar="LIST",
        help="do what real sites do at times, to try clients: " + "latency, errors, drops, sessions, slow, scripts, deferred, banner, or all",
    )  # fmt: skip


@contextmanager
def _request_log(file: str | None, quiet: bool) -> Iterator[None]:
    """A log of their own for requests, whatever --log-level says of events."""
    import logging

    logger = logging.getLogger("webarena_gym.serve")
    handler = logging.FileHandler(file) if file else logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        handler.close()
        logger.setLevel(before[0])
        logger.propagate = before[1]


def run(args: argparse.Namespace) -> int:
    with _request_log(args.log, args.quiet):
        return _serve(args)


def _serve(args: argparse.Namespace) -> int:
    import signal
    import threading
    from pathlib import Path

    from ..sites.base import BuildOptions
    from ..sites.faults import Faults, parse_faults
    from ..sites.registry import BASE_URLS, available_sites
    from ..sites.serving import PORTS, SiteServer
    from ..sites.world import World
    from ..tasks.official import quoted_references

    faults = Faults(parse_faults(args.faults)) if args.faults else None
    names = tuple(name for name in BASE_URLS if name in available_sites())
    world = World(
        names,
        options=BuildOptions(scale=args.scale, references=quoted_references()),
        cache_dir=Path(args.cache_dir) if args.cache_dir else None,
    )
    for name in names:
        world.store(name)  # built now, as clients give the first answer a few seconds only
    base = args.port_base
    ports = PORTS if base is None else {name: base and base + i for i, name in enumerate((*names, "full_reset"))}
    try:
        server = SiteServer(world, ports, faults)
    except OSError as error:
        raise ValueError(str(error)) from None
    server.start()
    stopped = threading.Event()
    before = {n: signal.signal(n, lambda *_: stopped.set()) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        for name, url in server.base_urls().items():
            print(f"export WA_{name.upper()}={url}", flush=True)
        print(f"export WA_FULL_RESET={server.reset_url()}", flush=True)
        stopped.wait()
    finally:
        server.stop()
        world.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0
