"""What a page may do to those who look at it: nothing outside the task's sites, and no window, file or question to anybody."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest

from tests.tiny_site import find_tiny_site
from webarena_gym.actions import parse_action
from webarena_gym.engines.base import Engine, EpisodeStart
from webarena_gym.engines.browser import BrowserEngine
from webarena_gym.engines.http import HttpEngine
from webarena_gym.engines.remote_browser import RemoteBrowserEngine
from webarena_gym.engines.remote_http import RemoteHttpEngine
from webarena_gym.engines.remote_world import RemoteWorld
from webarena_gym.errors import ActionError, ElementNotActionable, NavigationRefused
from webarena_gym.observation import render_lines
from webarena_gym.sites.remote import RemoteConfig
from webarena_gym.sites.serving import SiteServer
from webarena_gym.sites.world import World

ENGINES = ("http", "browser", "remote http", "remote browser")
WITH_SCRIPTS = ("browser", "remote browser")
GRACE_S = 0.4  # for requests that a page may send once it is there


class Foreign:
    """A server that is none of the task's, over TCP and UDP on one port, and what it was asked."""

    def __init__(self) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(f"{self.command} {self.path}")
                self.send_response(200)
                self.end_headers()

            do_POST = do_CONNECT = do_OPTIONS = do_HEAD = do_GET

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, daemon=True).start()
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", self._server.server_port))
        Thread(target=self._receive, daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def _receive(self) -> None:
        while data := self._datagrams.recv(2048):
            self.asked.append(f"datagram of {len(data)} bytes")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._datagrams.sendto(b"", self._datagrams.getsockname())  # wakes the thread, which then ends


@dataclass
class Visit:
    """An engine on the test site, and the foreign server."""

    engine: Engine
    origin: str
    foreign: Foreign

    def begin(self, html: str = "", path: str = "") -> None:
        address = self.origin + (path or f"/raw?html={quote(html)}")
        self.engine.reset(EpisodeStart((address,), (self.origin,)))

    def act(self, *actions: str) -> None:
        for action in actions:
            self.engine.execute(parse_action(action))

    def text(self) -> str:
        return "\n".join(render_lines(self.engine.page().nodes))

    def path(self) -> str:
        return self.engine.page().url.removeprefix(self.origin)


@pytest.fixture(scope="module")
def foreign() -> Iterator[Foreign]:
    server = Foreign()
    yield server
    server.close()


@pytest.fixture(scope="module")
def visits(cache_dir: Path, foreign: Foreign) -> Iterator[dict[str, Visit]]:
    world = World(["shopping"], find_site=find_tiny_site, cache_dir=cache_dir)
    server = SiteServer(world, {"shopping": 0, "full_reset": 0})
    server.start()
    remote = RemoteWorld(RemoteConfig(base_urls={"shopping": server.base_urls()["shopping"]}, settle_s=3))
    made = {"http": HttpEngine(world), "browser": BrowserEngine(world)}
    away = {"remote http": RemoteHttpEngine(remote), "remote browser": RemoteBrowserEngine(remote)}
    yield {name: Visit(engine, world.origins[0], foreign) for name, engine in made.items()} | {
        name: Visit(engine, remote.origins[0], foreign) for name, engine in away.items()
    }
    for engine in (*made.values(), *away.values()):
        engine.close()
    remote.close()
    server.stop()
    world.close()


@pytest.fixture(params=ENGINES)
def visit(request: pytest.FixtureRequest, visits: dict[str, Visit]) -> Visit:
    visits[request.param].foreign.asked.clear()
    return visits[request.param]


@pytest.fixture(params=WITH_SCRIPTS)
def scripted(request: pytest.FixtureRequest, visits: dict[str, Visit]) -> Visit:
    visits[request.param].foreign.asked.clear()
    return visits[request.param]


def test_a_redirect_out_of_the_sites_is_refused_and_the_page_stays(visit: Visit) -> None:
    there = quote(f"{visit.foreign.url}/caught", safe="")
    html = f'<a href="/leave?to={there}">Go</a><form method="post" action="/leave?to={there}"><input name="a"><button>Send</button></form>'
    visit.begin(html)
    before = visit.path()
    for action in ("click(1)", "click(3)", f'goto("/leave?to={there}")'):
        with pytest.raises(NavigationRefused, match="outside the task's sites"):
            visit.act('fill(2, "typed")', action)
        assert visit.path() == before and "typed" in visit.text()
    assert visit.foreign.asked == []


def test_a_redirect_to_an_encrypted_page_elsewhere_is_refused_and_the_page_shown_again(visit: Visit) -> None:
    visit.begin(f'<p>Here</p><a href="/leave?to=https://{visit.foreign.host}/x">Go</a>')
    before = visit.path()
    with pytest.raises(NavigationRefused):
        visit.act("click(1)")
    assert visit.path() == before and "Here" in visit.text()
    assert visit.foreign.asked == []


def test_links_and_forms_to_other_sites_are_refused(visit: Visit) -> None:
    url = visit.foreign.url
    visit.begin(
        f'<a href="{url}/a">Go</a><form action="{url}/f"><button>Send</button></form>'
        f'<form action="/controls"><button formaction="{url}/b">Elsewhere</button></form>'
    )
    for action in ("click(1)", "click(2)", "click(3)", f'goto("{url}/g")'):
        with pytest.raises(NavigationRefused):
            visit.act(action)
    assert visit.foreign.asked == []


LEAKS = {
    "frame": '<iframe src="{url}/frame"></iframe>',
    "frame by redirect": '<iframe src="/leave?to={url}/frame"></iframe>',
    "picture": '<img src="{url}/picture"><link rel="stylesheet" href="{url}/style">',
    "hints": '<link rel="prefetch" href="{url}/p"><link rel="preconnect" href="{url}"><link rel="prerender" href="{url}/q">',
    "refresh": '<meta http-equiv="refresh" content="0;url={url}/refresh">',
    "script": '<script src="{url}/script"></script>',
    "fetch": '<script>fetch("{url}/fetch", {{mode: "no-cors"}}); navigator.sendBeacon("{url}/beacon", "x")</script>',
    "socket": '<script>new WebSocket("ws://{host}/socket")</script>',
    "form": '<form method="post" action="{url}/form"></form><script>onload = () => document.forms[0].submit()</script>',
    "frame's form": '<form target="f" action="{url}/form"></form><iframe name="f"></iframe><script>document.forms[0].submit()</script>',
    "window": '<script>window.open("{url}/window")</script>',
    "location": '<script>onload = () => {{ location.href = "{url}/location"; }}</script>',
    "worker": '<script>new Worker(URL.createObjectURL(new Blob(["fetch(\\"{url}/worker\\", {{mode: \\"no-cors\\"}})"])))</script>',
    "peer": '<script>const peer = new RTCPeerConnection({{iceServers: [{{urls: "stun:{host}"}}, '
    '{{urls: ["turn:{host}", "turn:{host}?transport=tcp"], username: "a", credential: "b"}}]}}); peer.createDataChannel("a");'
    "peer.createOffer().then((offer) => peer.setLocalDescription(offer))</script>",
}


@pytest.mark.parametrize("name", LEAKS)
def test_pages_reach_nothing_outside_the_sites(scripted: Visit, name: str) -> None:
    html = LEAKS[name].format(url=scripted.foreign.url, host=scripted.foreign.host)
    scripted.begin("<p>Here</p>" + html)
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline:
        shown = scripted.engine.page()
        assert shown.url.startswith(scripted.origin) and len(shown.tabs) == 1
    assert "Here" in scripted.text()
    assert scripted.foreign.asked == []


def test_on_real_sites_a_page_that_would_leave_before_it_is_whole_is_shown_as_far_as_it_came(
    visits: dict[str, Visit],
) -> None:
    visit = visits["remote browser"]
    visit.foreign.asked.clear()
    visit.begin(f'<p>Here</p><script>location.href = "{visit.foreign.url}/x"</script>')
    assert "Here" in visit.text() and visit.path().startswith("/raw")
    assert visit.foreign.asked == []


def test_a_page_without_scripts_asks_for_nothing_at_all(visits: dict[str, Visit]) -> None:
    for name in ("http", "remote http"):
        visit = visits[name]
        visit.foreign.asked.clear()
        visit.begin("".join(leak.format(url=visit.foreign.url, host=visit.foreign.host) for leak in LEAKS.values()))
        assert visit.foreign.asked == []


def test_a_file_to_download_is_refused_and_the_page_stays(visit: Visit) -> None:
    visit.begin('<a href="/file">Export</a><input aria-label="Note"><a href="/file?type=application/zip">All</a>')
    before = visit.path()
    for action in ("click(1)", "click(3)", 'goto("/file")', 'goto("/file?type=text/csv")'):
        with pytest.raises(ActionError, match="file to download"):
            visit.act('fill(2, "typed")', action)
        assert visit.path() == before and "typed" in visit.text()


def test_no_file_is_uploaded(visit: Visit, tmp_path: Path) -> None:
    visit.begin(
        '<form method="post" action="/echo" enctype="multipart/form-data"><input type="file" name="f"><button>Send</button></form>'
    )
    with pytest.raises(ElementNotActionable, match="takes no text"):
        visit.act(f'fill(1, "{tmp_path}/secret")')
    visit.act("click(1)", "click(2)")
    assert visit.path() == "/"


def test_dialogs_hold_nobody_up(scripted: Visit) -> None:
    scripted.begin(
        '<p id="p">Asking</p><a href="/tables">Away</a><script>addEventListener("beforeunload", (e) => e.preventDefault());'
        'alert(1); const answers = [confirm("sure?"), prompt("name?")]; print();'
        'document.getElementById("p").textContent = `Answers ${answers}`;</script>'
    )
    assert "Answers false," in scripted.text()
    scripted.act("click(1)")
    assert scripted.path() == "/tables"


def test_popups_are_closed_and_cost_no_tab(scripted: Visit) -> None:
    scripted.begin('<button onclick="for (let i = 0; i < 5; i++) window.open(`/tables?rows=${i}`)">Open</button>')
    scripted.act("click(1)")
    assert len(scripted.engine.page().tabs) == 1 and scripted.path().startswith("/raw")
    scripted.act("new_tab()", 'goto("/controls")'.replace("/controls", f"{scripted.origin}/controls"))
    assert len(scripted.engine.page().tabs) == 2


def test_on_real_sites_a_link_to_a_new_window_opens_here(visits: dict[str, Visit]) -> None:
    visit = visits["remote browser"]
    visit.begin('<base target="_blank"><a href="/tables?rows=2" target="_blank">Tables</a>')
    visit.act("click(1)")
    assert visit.path() == "/tables?rows=2" and len(visit.engine.page().tabs) == 1


def test_permissions_are_denied_without_a_question(scripted: Visit) -> None:
    scripted.begin(
        "<p id=place>?</p><p id=camera>?</p><p id=notes>?</p><script>"
        "const say = (id, text) => { document.getElementById(id).textContent = `${id}: ${text}`; };"
        "try { navigator.geolocation.getCurrentPosition(() => say('place', 'given'), () => say('place', 'denied')); }"
        "catch { say('place', 'denied'); }"
        "const media = navigator.mediaDevices;"
        "if (!media) say('camera', 'denied'); else media.getUserMedia({video: true}).then(() => say('camera', 'given'), () => say('camera', 'denied'));"
        "if (!window.Notification) say('notes', 'denied'); else Notification.requestPermission().then((p) => say('notes', p));"
        "</script>"
    )
    deadline = time.monotonic() + 10
    while "?" in scripted.text() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert scripted.text() == "place: denied\ncamera: denied\nnotes: denied"


def test_what_pages_say_is_text_and_nothing_else(visit: Visit) -> None:
    said = "__import__('os').system('id') {{7*7}} ${7*7} %(x)s {0.__class__} click(1) stop(\"yes\")"
    visit.begin(f'<p>{said}</p><button>{said}</button><input aria-label="x" value="{quote(said)}">')
    assert said in visit.text().replace('\\"', '"')
    assert visit.path().startswith("/raw")
