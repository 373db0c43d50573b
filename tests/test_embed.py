"""The list on somebody else's site: framed by anybody, without cookies, in the language asked."""

from __future__ import annotations

import html
import re
from typing import Any

import httpx
import pytest
from django.test import Client

from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    return builders.make_incident("quake")


def get(path: str, **headers: Any) -> Any:
    return Client().get(path, HTTP_ACCEPT_LANGUAGE="en", **headers)


@pytest.mark.django_db(transaction=True)
def test_anybody_may_frame_it_and_only_it(server: str, incident) -> None:
    with httpx.Client(base_url=server, headers={"Accept-Language": "en"}) as http:
        framed = http.get("/i/quake/?embed=1")
        assert "frame-ancestors *" in framed.headers["content-security-policy"]
        assert "x-frame-options" not in framed.headers
        assert "set-cookie" not in framed.headers
        assert framed.headers["x-content-type-options"] == "nosniff"
        for path in ("/i/quake/", "/", "/m/form/?embed=1", "/hq/quake/?embed=1"):
            other = http.get(path)
            assert "frame-ancestors 'none'" in other.headers["content-security-policy"], path
            assert other.headers["x-frame-options"] == "DENY", path


def test_nothing_in_the_frame_changes_anything(incident) -> None:
    page = get("/i/quake/?embed=1").content.decode()
    assert 'method="post"' not in page and "csrf" not in page
    assert "Staff sign-in" not in page and "leaflet" not in page


def test_links_in_the_frame_stay_in_the_frame(incident) -> None:
    published_layer(incident, [spot(n) for n in range(9)])
    page = get("/i/quake/?embed=1&lang=en&near=130.7,32.7").content.decode()
    inside = re.findall(r'href="(\?[^"]*)"', page)
    assert inside
    for link in map(html.unescape, inside):
        assert "embed=1" in link and "lang=en" in link and "near=130.700%2C32.700" in link
    out = re.search(r'<footer.*?<a href="([^"]+)"([^>]*)>', page, re.S)
    assert out and out[1] == "/i/quake/" and 'target="_blank"' in out[2]


@pytest.mark.parametrize(
    ("lang", "words"), [("ja", "どの"), ("en", "Near which town?"), ("ja-simple", "<ruby>")]
)
def test_the_address_names_the_language(incident, lang: str, words: str) -> None:
    page = get(f"/i/quake/?embed=1&lang={lang}").content.decode()
    assert f'<html lang="{lang}">' in page
    assert "《" not in re.sub(r"(?s)<script.*?</script>", "", page)
    assert words in page


def test_a_snippet_is_there_to_be_copied(incident) -> None:
    page = get("/i/quake/data/").content.decode()
    field = re.search(r'<textarea id="copy-embed"[^>]*>(.*?)</textarea>', page, re.S)
    assert field
    snippet = html.unescape(field[1])
    source = re.search(r'<iframe src="([^"]+)" title="[^"]+"', snippet)
    assert source and html.unescape(source[1]).endswith("/i/quake/?embed=1")


def test_a_snippet_stays_one_whatever_the_incident_is_called() -> None:
    odd = builders.make_incident("odd")
    odd.name = '"><script>x</script>'
    odd.save()
    page = get("/i/odd/data/").content.decode()
    assert "<script>x" not in page
    field = re.search(r'<textarea id="copy-embed"[^>]*>(.*?)</textarea>', page, re.S)
    snippet = html.unescape(field[1]) if field else ""
    assert "<script>x" not in snippet and "&quot;&gt;&lt;script&gt;" in snippet


# --- the page of a layer -------------------------------------------------------------------
def test_a_layers_page_has_its_facts_and_all_its_addresses(incident) -> None:
    layer, _ = published_layer(
        incident, licence="CC BY 4.0", attribution="熊本市", source_name="熊本市 防災",
        source_url="https://example.jp/s", coverage="市内のみ", reuse=False,
    )  # fmt: skip
    page = html.unescape(get(f"/i/quake/layers/{layer.slug}/").content.decode())
    for words in ("CC BY 4.0", "熊本市 防災", "example.jp", "市内のみ", "not allowed"):
        assert words in page
    base = f"http://testserver/api/v1/layers/{layer.slug}"
    for end in ("/download.csv", "/download.geojson", "/download.gpkg", "/features"):
        assert f'value="{base}{end}"' in page
    assert f'value="http://testserver/i/quake/layers/{layer.slug}.atom"' in page
    assert f'value="http://testserver/tiles/layers/{layer.slug}.json"' in page
    assert "?embed=1" in page


def test_only_public_layers_have_a_page(incident) -> None:
    inner, _ = published_layer(incident, audience="hq")
    foreign, _ = published_layer(builders.make_incident("other"))
    shown, _ = published_layer(incident)
    for layer in (inner, foreign):
        assert get(f"/i/quake/layers/{layer.slug}/").status_code == 404
    data = get("/i/quake/data/").content.decode()
    assert shown.slug in data and inner.slug not in data and foreign.slug not in data
