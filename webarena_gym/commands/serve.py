"""``webarena-gym serve``: the embedded sites on WebArena's usual ports, until Ctrl-C."""

from __future__ import annotations

import argparse

HELP = "serve the embedded sites on the usual WebArena ports"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port-base", type=int, default=None, help="use this port and the ones after it, in place of the usual ones")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--cache-dir", default=None)
    parser.add_argument("--quiet", action="store_true", help="no request log")


def run(args: argparse.Namespace) -> int:
    import logging
    import signal
    import threading
    from pathlib import Path

    from ..sites.base import BuildOptions
    from ..sites.registry import BASE_URLS, available_sites
    from ..sites.serving import PORTS, SiteServer
    from ..sites.world import World
    from ..tasks.official import quoted_references

    logging.basicConfig(level=logging.WARNING if args.quiet else logging.INFO, format="%(asctime)s %(message)s")
    names = tuple(name for name in BASE_URLS if name in available_sites())
    world = World(
        names,
        options=BuildOptions(scale=args.scale, references=quoted_references()),
        cache_dir=Path(args.cache_dir) if args.cache_dir else None,
    )
    ports = PORTS if args.port_base is None else {name: args.port_base + i for i, name in enumerate(names)}
    try:
        server = SiteServer(world, ports)
    except OSError as error:
        raise ValueError(str(error)) from None
    server.start()
    for name, url in server.base_urls().items():
        print(f"export WA_{name.upper()}={url}", flush=True)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()
    server.stop()
    world.close()
    return 0
