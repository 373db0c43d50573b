"""A layer as an Atom feed with GeoRSS: newest word first, in pages, with source and rights."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client

from frontend.atom import georss
from layers import actions
from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
GEO = "{http://www.georss.org/georss}"
OPEN = {"operation": "open"}


@pytest.fixture
def incident():
    return builders.make_incident("quake")


def ask(slug: str, query: str = "", language: str = "en", incident: str = "quake") -> Any:
    return Client().get(f"/i/{incident}/layers/{slug}.atom{query}", HTTP_ACCEPT_LANGUAGE=language)


def feed(slug: str, query: str = "", language: str = "en", incident: str = "quake") -> Any:
    answer = ask(slug, query, language, incident)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


def texts(root: Any, path: str) -> list[str]:
    return [found.text or "" for found in root.findall(path)]


def links(root: Any) -> dict[str, str]:
    return {found.get("rel"): found.get("href") for found in root.findall(f"{ATOM}link")}


def test_an_entry_says_what_is_so_where_and_by_whom(incident) -> None:
    state = {"operation": "open", "congestion": "full", "note": "入口は裏", "persons": 0}
    layer, _ = published_layer(
        incident, [spot("a", name="第一小", state=state)], source_name="熊本市"
    )
    root = feed(layer.slug)
    assert texts(root, f"{ATOM}entry/{ATOM}title") == ["第一小: Open, Full"]
    summary = texts(root, f"{ATOM}entry/{ATOM}summary")[0]
    assert "入口は裏" in summary and "Source: 熊本市" in summary and "People: 0" in summary
    assert texts(root, f"{ATOM}entry/{GEO}point") == ["32.7900000 130.7500000"]
    assert "開設" in texts(feed(layer.slug, language="ja"), f"{ATOM}entry/{ATOM}title")[0]


def test_rights_source_and_time_travel_with_the_feed(incident) -> None:
    layer, _ = published_layer(
        incident, licence="CC BY 4.0", attribution="熊本市", reuse=True, source_name="熊本市",
        source_url="https://example.jp/s", coverage="市内のみ",
    )  # fmt: skip
    root = feed(layer.slug)
    assert texts(root, f"{ATOM}rights") == ["熊本市 / CC BY 4.0 / may be reused"]
    subtitle = texts(root, f"{ATOM}subtitle")[0]
    assert "熊本市" in subtitle and "2016-04-16T10:00:00" in subtitle and "市内のみ" in subtitle
    assert links(root)["via"] == "https://example.jp/s"
    assert links(root)["alternate"].endswith(f"/i/quake/layers/{layer.slug}/")
    assert links(root)["self"].endswith(f"/i/quake/layers/{layer.slug}.atom")


def test_what_was_said_last_comes_first(incident) -> None:
    layer, by = published_layer(incident, [spot(n, state=OPEN) for n in "abc"])
    before = feed(layer.slug)
    actions.state_set(
        layer=layer, feature_id="b", values={"congestion": "full"}, source_as_of=None, by=by
    )
    after = feed(layer.slug)
    ids = texts(after, f"{ATOM}entry/{ATOM}id")
    assert ids[0].endswith("/b") and len(set(ids)) == 3
    assert sorted(ids) == sorted(texts(before, f"{ATOM}entry/{ATOM}id"))
    updated = datetime.fromisoformat(texts(after, f"{ATOM}updated")[0])
    assert (datetime.now(UTC) - updated).total_seconds() < 60
    assert texts(after, f"{ATOM}entry/{ATOM}updated")[0] == texts(after, f"{ATOM}updated")[0]


def test_long_feeds_come_in_pages_and_nothing_is_lost(incident, settings) -> None:
    settings.LIMIT_ATOM_ENTRIES = 4
    layer, _ = published_layer(incident, [spot(f"p{n}") for n in range(9)])
    seen, query = [], ""
    for _page in range(3):
        root = feed(layer.slug, query)
        seen += texts(root, f"{ATOM}entry/{ATOM}id")
        query = "?" + links(root).get("next", "?").partition("?")[2]
    assert len(seen) == len(set(seen)) == 9 and query == "?"


def test_every_shape_has_a_place(incident) -> None:
    ring = [[130.7, 32.7], [130.8, 32.7], [130.8, 32.8], [130.7, 32.7]]
    assert georss({"type": "LineString", "coordinates": ring[:2]}) == [
        ("line", "32.7000000 130.7000000 32.7000000 130.8000000")
    ]
    assert georss({"type": "Polygon", "coordinates": [ring]})[0][0] == "polygon"
    several = {"type": "MultiPoint", "coordinates": ring}
    assert georss(several) == [("box", "32.7000000 130.7000000 32.8000000 130.8000000")]
    assert georss(None) == []


def test_text_of_a_file_is_text(incident) -> None:
    name = "<script>&\x02\x1f]]>"
    layer, _ = published_layer(incident, [spot("a b/ü", name=name)])
    root = feed(layer.slug)
    assert texts(root, f"{ATOM}entry/{ATOM}title") == ["<script>&]]>"]
    assert re.fullmatch(
        r"tag:[^,]+,\d{4}-\d\d-\d\d:layers/[^/]+/a%20b%2F%C3%BC",
        texts(root, f"{ATOM}entry/{ATOM}id")[0],
    )


def test_a_drill_says_so_before_anything_else() -> None:
    drill = builders.make_incident("practice", state="drill")
    layer, _ = published_layer(drill)
    assert texts(feed(layer.slug, incident="practice"), f"{ATOM}title")[0].startswith("[Drill]")


def test_only_what_everybody_sees_is_fed(incident) -> None:
    inner, _ = published_layer(incident, audience="hq")
    foreign, _ = published_layer(builders.make_incident("other"))
    standing, _ = published_layer(None)
    assert ask(inner.slug).status_code == 404
    assert ask(foreign.slug).status_code == 404
    assert ask("nowhere").status_code == 404
    assert ask(standing.slug).status_code == 200
    assert ask(standing.slug, "?page=0").status_code == 422
    assert ask(standing.slug, "?page=1" + "0" * 5000).status_code == 422


def test_a_reader_asks_cheaply(incident) -> None:
    layer, _ = published_layer(incident)
    first = ask(layer.slug)
    url = f"/i/quake/layers/{layer.slug}.atom"
    again = Client().get(url, HTTP_ACCEPT_LANGUAGE="en", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
