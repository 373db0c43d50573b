"""A layer as an Atom feed (RFC 4287) with GeoRSS places; one entry for each feature.

Pages by RFC 5005. An entry's id is a tag URI (RFC 4151): it stays when the service moves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from gspace.ruby import ruby_plain
from layers.models import Layer

GEORSS = "http://www.georss.org/georss"
# XML 1.0 takes no other control characters, not even escaped
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# a longer shape is told by its box: feeds are read by small programs
MOST_VERTICES = 500


@dataclass(frozen=True)
class Pages:
    """Addresses of the feed's pages; "" where there is none."""

    here: str
    first: str
    before: str
    after: str
    about: str
    source: str


class GeoAtom(Atom1Feed):
    """feed: pages, updated. items: geometry (GeoJSON or None), source."""

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:georss": GEORSS}

    def latest_post_date(self) -> datetime:
        return self.feed["stands_at"]  # type: ignore[no-any-return]

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        pages: Pages = self.feed["pages"]
        for rel in ("first", "before", "after"):
            if href := getattr(pages, rel):
                name = {"before": "previous", "after": "next"}.get(rel, rel)
                handler.addQuickElement("link", "", {"rel": name, "href": href})
        if pages.source:
            handler.addQuickElement("link", "", {"rel": "via", "href": pages.source})
        handler.addQuickElement("generator", "G-space")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name, text in georss(item["geometry"]):
            handler.addQuickElement(f"georss:{name}", text)


def tag(layer: Layer, feature_id: str = "") -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    rest = f"/{quote(feature_id, safe='')}" if feature_id else ""
    return f"tag:{host},{layer.created_at:%Y-%m-%d}:layers/{layer.slug}{rest}"


def plain(text: str) -> str:
    """Text that XML takes and that carries no readings."""
    return NOT_XML.sub("", ruby_plain(text))


def georss(geometry: dict[str, Any] | None) -> list[tuple[str, str]]:
    """GeoRSS Simple elements (name, text) of a GeoJSON geometry; latitude comes first there."""
    if geometry is None:
        return []
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return [("point", _words([coordinates]))]
    # of several parts only the place in common can be said; of an area its outer line
    points = coordinates[0] if kind == "Polygon" else coordinates
    if kind in ("LineString", "Polygon") and len(points) <= MOST_VERTICES:
        return [("line" if kind == "LineString" else "polygon", _words(points))]
    return [("box", _words(_corners(coordinates)))]


def _corners(coordinates: Any) -> list[list[float]]:
    flat = list(_positions(coordinates))
    lons, lats = [p[0] for p in flat], [p[1] for p in flat]
    return [[min(lons), min(lats)], [max(lons), max(lats)]]


def _positions(coordinates: Any) -> Any:
    if isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _positions(part)


def _words(points: list[Any]) -> str:
    return " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat, *_ in points)
