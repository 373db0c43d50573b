"""Server pages in やさしい日本語 show readings above the kanji, never the notation itself."""

from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client

from frontend.ruby_pages import with_readings
from gspace import access, vocabulary
from gspace.ruby import KANJI
from layers.models import MapLink
from reports.actions import report_change
from reports.payload import HqEdit
from tests import builders
from tests.layer_builders import published_layer, spot

pytestmark = pytest.mark.django_db


def test_text_gets_ruby_and_attributes_get_none() -> None:
    html = '<p title="本部《ほんぶ》">本部《ほんぶ》です</p><title>写真《しゃしん》</title>'
    assert with_readings(html) == (
        '<p title="本部"><ruby>本部<rp>(</rp><rt>ほんぶ</rt><rp>)</rp></ruby>です</p>'
        "<title>写真</title>"
    )


def test_data_for_scripts_keeps_the_notation() -> None:
    html = '<script type="application/json">{"a":"写真《しゃしん》"}</script>'
    assert with_readings(html) == html


@pytest.mark.parametrize("path", ["/m/", "/m/form/", "/m/join/x", "/i/flood-1/", "/"])
def test_no_page_shows_the_notation(path: str) -> None:
    incident = builders.make_incident("flood-1")
    client = Client(HTTP_ACCEPT_LANGUAGE="ja-simple")
    client.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    page = client.get(path).content.decode()
    shown = re.sub(r"(?s)<script.*?</script>", "", page)
    assert "《" not in shown
    if path == "/m/form/":
        assert "<ruby>" in shown


def test_the_length_told_is_that_of_the_page_with_its_readings() -> None:
    builders.make_incident("flood-1")
    answer = Client(HTTP_ACCEPT_LANGUAGE="ja-simple").get("/i/flood-1/")
    assert "<ruby>" in answer.content.decode()
    assert int(answer["Content-Length"]) == len(answer.content)


# --- the pages for everybody -----------------------------------------------------------------
PORTAL = [
    *("/i/quake/", "/i/quake/?near=130.7,32.7", "/i/quake/?place=x", "/i/quake/?embed=1"),
    *("/i/quake/?kind=shelter", "/i/quake/?kind=passable", "/i/quake/?kind=water"),
    *("/i/quake/?list=reports", "/i/quake/?list=links", "/i/quake/towns/", "/i/quake/data/"),
    *("/i/quake/layers/all-shelter/", "/i/quake/?signage=1", "/i/quake/list/?signage=1"),
    *("/i/quake/list/", "/i/quake/paper/", "/i/quake/paper/?municipality=434434"),
    "/i/quake/paper/?municipality=none",
]
# another language's name is said in it; the letter in a mark has its word beside it
APART = re.compile(
    r"<(script|title|ruby)\b.*?</\1>|<a [^>]*\blang=.*?</a>|<b [^>]*\baria-hidden=.*?</b>|<[^>]+>",
    re.S,
)


@pytest.fixture
def without_kanji():
    """An incident with everything in it that a page can say; no name has any kanji."""
    incident = builders.make_incident("quake", hazard="earthquake", state="drill")
    for kind in vocabulary.codes("layer_kind"):
        fields = vocabulary.STATES.get(kind, {})
        spots = []
        for field, codes in fields.items():
            told = {"checked_at": "2016-04-16T14:05:00+09:00", "persons": 12, "hours": "10-20"}
            for code in vocabulary.codes(codes):
                spots.append(spot(f"{field}-{code}", name=code, state={field: code, **told}))
        spots += [spot("silent", name="Silent"), spot("rough", name="Rough", estimated=True)]
        slug = f"all-{kind}".replace("_", "-")
        more = {"reuse": kind != "bath", "refresh_s": 60}
        published_layer(incident, spots, kind=kind, slug=slug, **more)
    MapLink.objects.create(
        id=uuid.uuid4(), publisher=builders.headquarters(incident), incident=incident,
        title="Power", url="https://power.example.jp/", kind="other",
    )  # fmt: skip
    by = builders.device(incident)[0]
    for severity in vocabulary.codes("severity"):
        ident = builders.make_report(incident, by, severity=severity, comment="x")
        edit = HqEdit(status="verified", release="public", public_text="x")
        report_change(report_id=ident, seen=1, by=builders.operator(incident), edit=edit)
    return incident


def test_every_kanji_of_the_portal_has_its_reading(without_kanji) -> None:
    bare = {}
    for path in PORTAL:
        answer = Client().get(path, HTTP_ACCEPT_LANGUAGE="ja-simple")
        assert answer.status_code == 200, path
        shown = APART.sub("", answer.content.decode())
        assert "《" not in shown, path
        bare[path] = re.findall(f"[{KANJI}]+", shown)
    assert {path: found for path, found in bare.items() if found} == {}
