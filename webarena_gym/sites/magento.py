"""What the two Magento sites share: money, form fields, addresses and pictures of goods, and the countries of address forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Response, request

MAX_TEXT_CHARS = 20_000  # of any one field that is kept
HIGHEST_ID = 10**15  # a number beyond it names nothing, and would not fit into the database
STATIC_CACHE_S = 3600  # how long a browser keeps pictures and style sheets
_TINTS = ("e8dfd2", "d9e4dd", "dfe3ee", "efe0e0", "e5e5da", "dde8ee")
_OTHER = re.compile(r"[^a-z0-9]+")

# With the ids the real forms post.
COUNTRIES = {
    "US": "United States", "AU": "Australia", "AT": "Austria", "BE": "Belgium", "BR": "Brazil", "CA": "Canada",
    "CN": "China", "DK": "Denmark", "FI": "Finland", "FR": "France", "DE": "Germany", "IN": "India", "IE": "Ireland",
    "IT": "Italy", "JP": "Japan", "MX": "Mexico", "NL": "Netherlands", "NZ": "New Zealand", "NO": "Norway",
    "ES": "Spain", "SE": "Sweden", "CH": "Switzerland", "GB": "United Kingdom",
}  # fmt: skip

_US_REGIONS = (
    "Alabama|Alaska|American Samoa|Arizona|Arkansas|Armed Forces Africa|Armed Forces Americas|Armed Forces Canada|"
    "Armed Forces Europe|Armed Forces Middle East|Armed Forces Pacific|California|Colorado|Connecticut|Delaware|"
    "District of Columbia|Federated States Of Micronesia|Florida|Georgia|Guam|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|"
    "Kentucky|Louisiana|Maine|Marshall Islands|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Northern Mariana Islands|"
    "Ohio|Oklahoma|Oregon|Palau|Pennsylvania|Puerto Rico|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|"
    "Vermont|Virgin Islands|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
US_REGIONS = dict(enumerate(_US_REGIONS.split("|"), 1))  # region_id -> name


class Address(NamedTuple):
    """A postal address. ``street`` holds up to three lines; ``id`` is None for one that is in no address book."""

    id: int | None
    first_name: str
    last_name: str
    company: str
    telephone: str
    street: str
    city: str
    region_id: int | None
    region: str
    postcode: str
    country_id: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def streets(self) -> list[str]:
        """Three lines, empty ones included."""
        return [*self.street.split("\n"), "", ""][:3]

    @property
    def lines(self) -> list[str]:
        """As printed: name, company, street, place, country, telephone."""
        place = ", ".join(part for part in (self.city, self.region, self.postcode) if part)
        lines = [self.name, self.company, *self.streets, place, COUNTRIES.get(self.country_id, self.country_id)]
        return [line for line in lines if line] + ([f"T: {self.telephone}"] if self.telephone else [])

    def data(self) -> dict[str, Any]:
        """What an order keeps of it."""
        return {key: value for key, value in self._asdict().items() if key != "id"}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Address:
        """The inverse of ``data``."""
        return cls(id=None, **data)


def money(cents: int) -> str:
    """
    >>> money(200499), money(-550)
    ('$2,004.99', '-$5.50')
    """
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}${cents // 100:,}.{cents % 100:02d}"


def cents(dollars: float) -> int:
    """Dollars as JSON holds them, in cents.

    >>> cents(1126.57)
    112657
    """
    return round(dollars * 100)


def slug(name: str) -> str:
    """The part of an address that a name becomes.

    >>> slug("Kids' Bedding & Décor")
    'kids-bedding-decor'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain).strip("-") or "item"


def to_int(text: str | None, default: int = 0) -> int:
    """The whole number that ``text`` spells, ``default`` if it spells none or a huge one.

    >>> to_int(" 12 "), to_int("-3"), to_int("1e3", 7), to_int(None)
    (12, -3, 7, 0)
    """
    text = (text or "").strip()
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 15 else default


def text_field(name: str, limit: int = 255) -> str:
    """A posted text, trimmed and cut to ``limit`` characters; empty if it is missing."""
    return request.form.get(name, "").replace("\0", "").strip()[:limit]


def int_field(name: str, default: int = 0) -> int:
    return to_int(request.form.get(name), default)


def initials(name: str) -> str:
    """The first letters of a name's first two words, for its picture.

    >>> initials("desk lamp, white"), initials("(2 pieces)")
    ('DL', 'P')
    """
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper() or "?"


def tile(label: str, number: int) -> Response:
    """A placeholder for the picture of thing number ``number``: pictures are nobody's facts."""
    tint = _TINTS[number % len(_TINTS)]
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 300" width="240" height="300">'
        f'<rect width="240" height="300" fill="#{tint}"/><text x="120" y="170" font-family="sans-serif" font-size="64" '
        f'text-anchor="middle" fill="#8a8478">{label}</text></svg>'
    )
    return Response(svg, mimetype="image/svg+xml", headers={"Cache-Control": f"max-age={STATIC_CACHE_S}"})
