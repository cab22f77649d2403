"""Points on the globe: distances, addresses of views, and the encodings that OpenStreetMap's services use for them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8
KM_PER_DEGREE = EARTH_RADIUS_M * math.pi / 180_000
MOST_ZOOM = 19
_SHORT_CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"
_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*(?:[,;/]\s*|\s+)({_NUMBER})\s*")
_COMPASS = re.compile(
    rf"\s*([NS])?\s*({_NUMBER})\s*°?\s*([NS])?\s*[,;]?\s*([EW])?\s*({_NUMBER})\s*°?\s*([EW])?\s*", re.I
)


class Point(NamedTuple):
    """Degrees; north and east are positive."""

    lat: float
    lon: float

    @property
    def text(self) -> str:
        """As addresses hold it: the stored digits, at most seven decimals and no padding."""
        return f"{degrees(self.lat)},{degrees(self.lon)}"


class View(NamedTuple):
    """What a map shows: its middle, and how near."""

    lat: float
    lon: float
    zoom: int

    @property
    def fragment(self) -> str:
        """The end of the address of this view, as the real site writes it.

        >>> View(42.896, -75.108, 7).fragment
        '#map=7/42.896/-75.108'
        """
        digits = max(0, math.ceil(math.log2(max(1, self.zoom))))
        return f"#map={self.zoom}/{self.lat:.{digits}f}/{self.lon:.{digits}f}"


def degrees(value: float) -> str:
    """
    >>> degrees(40.4411), degrees(-79.9427192), degrees(40.0)
    ('40.4411', '-79.9427192', '40')
    """
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def distance_m(one: Point, other: Point) -> float:
    """Along the great circle.

    >>> round(distance_m(Point(0, 0), Point(1, 0)))
    111195
    """
    lat, lon, other_lat, other_lon = map(math.radians, (*one[:2], *other[:2]))
    root = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(root)))


def box_around(point: Point, km: float) -> tuple[float, float, float, float]:
    """(south, north, west, east) of a box that holds every point within ``km``."""
    high = km / KM_PER_DEGREE
    wide = high / max(0.05, math.cos(math.radians(point.lat)))
    return point.lat - high, point.lat + high, point.lon - wide, point.lon + wide


def between(one: Point, other: Point, share: float) -> Point:
    """The point at this share of the straight line on the map, seven decimals."""
    return Point(round(one.lat + (other.lat - one.lat) * share, 7), round(one.lon + (other.lon - one.lon) * share, 7))


def bearing(one: Point, other: Point) -> int:
    """The direction from one point to the other: degrees from north, clockwise, 0 to 359."""
    east = (other.lon - one.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return round(math.degrees(math.atan2(east, other.lat - one.lat))) % 360


def parse_point(text: str) -> Point | None:
    """The point that a text of two numbers names, latitude first unless letters say otherwise; None for anything else.

    >>> parse_point("40.4411, -79.9437"), parse_point("40.44 N 79.94 W"), parse_point("15213"), parse_point("99,0")
    (Point(lat=40.4411, lon=-79.9437), Point(lat=40.44, lon=-79.94), None, None)
    """
    if found := _PAIR.fullmatch(text):
        lat, lon = float(found[1]), float(found[2])
    elif (found := _COMPASS.fullmatch(text)) and (found[1] or found[3]) and (found[4] or found[6]):
        south, west = (found[1] or found[3]).upper() == "S", (found[4] or found[6]).upper() == "W"
        lat, lon = (-1 if south else 1) * float(found[2]), (-1 if west else 1) * float(found[5])
    else:
        return None
    return Point(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def parse_view(text: str) -> View | None:
    """A view written ``zoom/lat/lon``; None for anything else.

    >>> parse_view("7/42.896/-75.108")
    View(lat=42.896, lon=-75.108, zoom=7)
    """
    zoom, _, rest = text.partition("/")
    point = parse_point(rest)
    return View(*point, min(MOST_ZOOM, int(zoom))) if point and re.fullmatch(r"\d{1,2}", zoom) else None


def short_code(view: View) -> str:
    """The code of a short link, ``/go/<code>``: two coordinates interleaved bit by bit, six bits a character.

    >>> short_code(View(51.510998, 0.055084, 9))
    '0EEQjE--'
    """
    x, y = (int((value + half) * (1 << 32) / (2 * half)) for value, half in ((view.lon, 180), (view.lat, 90)))
    code = 0
    for bit in range(31, -1, -1):
        code = code << 2 | (x >> bit & 1) << 1 | y >> bit & 1
    length = math.ceil((view.zoom + 8) / 3)
    letters = "".join(_SHORT_CODE[code >> (58 - 6 * i) & 63] for i in range(length))
    return letters + "-" * ((view.zoom + 8) % 3)


def read_short_code(code: str) -> View | None:
    """The view of a short link; None for a code that is none."""
    letters = code.rstrip("-")
    dashes = len(code) - len(letters)
    if not 1 <= len(letters) <= 10 or dashes > 2 or any(letter not in _SHORT_CODE for letter in letters):
        return None
    x = y = 0
    for letter in letters:
        value = _SHORT_CODE.index(letter)
        for pair in (4, 2, 0):
            x, y = x << 1 | value >> (pair + 1) & 1, y << 1 | value >> pair & 1
    bits = 3 * len(letters)
    zoom = bits - 8 - ((3 - dashes) % 3)
    lon, lat = ((v + 0.5) / (1 << bits) * 2 * half - half for v, half in ((x, 180), (y, 90)))
    return View(round(lat, 5), round(lon, 5), zoom) if 0 <= zoom <= MOST_ZOOM else None


def polyline(points: Sequence[Point]) -> str:
    """Google's encoded polyline with five decimals, which OSRM answers with.

    >>> polyline([Point(38.5, -120.2), Point(40.7, -120.95), Point(43.252, -126.453)])
    '_p~iF~ps|U_ulLnnqC_mqNvxq`@'
    """
    text, last = [], (0, 0)
    for point in points:
        here = (round(point.lat * 1e5), round(point.lon * 1e5))
        for value, before in zip(here, last, strict=True):
            rest = (value - before) << 1
            rest = ~rest if rest < 0 else rest
            while rest >= 0x20:
                text.append(chr((0x20 | rest & 0x1F) + 63))
                rest >>= 5
            text.append(chr(rest + 63))
        last = here
    return "".join(text)
