"""A clerk drops a CP932 file, watches it being read, looks at map and findings, and publishes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace.models import Incident
from layers.models import Layer, LayerVersion
from tests import builders
from tests.e2e import looks
from tests.e2e.test_desk_accessible import faults
from tests.layer_builders import make_layer, read_files

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
CSV = """名称,住所,緯度,経度,収容人数
東小学校,熊本県熊本市東区健軍1-1,32.7898,130.7521,300
西小学校,熊本県熊本市西区春日1-1,130.6889,32.7901,200
南小学校,熊本県熊本市南区平成1-1,３２．７７,130.72,150
北小学校,熊本県熊本市北区植木町1-1,,,90
どこか,,,,10
"""
# what a person lets go over the page
DROP = """([name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  document.body.dispatchEvent(new DragEvent("dragenter", { dataTransfer: data, bubbles: true }));
  document.body.dispatchEvent(
    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  document.body.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=11)


@pytest.fixture
def layer(incident: Incident) -> Layer:
    made, _ = make_layer(incident, slug="kita-shelter", coverage="熊本県熊本市")
    Layer.objects.filter(id=made.id).update(publisher=builders.headquarters(incident))
    return Layer.objects.get(id=made.id)


def open_file(context: BrowserContext, layer: Layer) -> tuple[Page, list[str]]:
    """The page of a new file, and what its console complains of."""
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/publish/{layer.slug}/file/")
    return page, complaints


def drop(page: Page, text: str, name: str = "避難所一覧.csv", encoding: str = "cp932") -> None:
    page.evaluate(DROP, [name, base64.b64encode(text.encode(encoding)).decode()])


def test_from_the_dropped_file_to_the_public_map(
    layer: Layer, incident: Incident, sign_in: SignIn
) -> None:
    page, complaints = open_file(sign_in(incident, "en"), layer)
    expect(page.locator("#drop")).to_contain_text("Drop your file here")
    drop(page, CSV)
    page.wait_for_url("**/versions/1/")
    words = page.locator("#reading-words")
    expect(words).to_contain_text("Waiting for its turn")
    half = {"step": "checking", "done": 32_000, "total": 100_000}
    LayerVersion.objects.update(progress=half)
    expect(words).to_have_text("Checking rows and places: 32,000 / 100,000 rows")
    assert page.locator("#reading-bar").evaluate("bar => bar.position") == 0.32
    read_files()
    expect(page.locator(".version-head")).to_contain_text("Shift_JIS")
    expect(page.locator("#map-said")).to_contain_text("3 places on the map")
    swapped = page.locator('#findings tr[data-row="3"]')
    expect(swapped.first).to_contain_text("stand in each other's place")
    swapped.first.get_by_role("button").click()
    expect(swapped.first).to_have_class("is-chosen")
    expect(page.locator(".leaflet-popup")).to_contain_text("西小学校")
    expect(page.locator(".row-mark.is-chosen")).to_have_count(1)
    expect(page.locator("#placeless-title")).to_contain_text("2")
    page.locator("#levels a", has_text="Please check").click()
    expect(page.locator('#findings tr[data-level="repaired"]').first).to_be_hidden()
    page.get_by_role("button", name="Publish 5 places").click()
    page.wait_for_url(f"**/publish/{layer.slug}/?only=placeless")
    expect(page.locator(".layer-head")).to_contain_text("version 1")
    layer.refresh_from_db()
    assert layer.published is not None and layer.published.filename == "避難所一覧.csv"
    # the tiles of 国土地理院 are out of reach in some places
    assert [said for said in complaints if "net::ERR" not in said] == []


def test_a_mark_on_the_map_leads_to_its_row(
    layer: Layer, incident: Incident, sign_in: SignIn
) -> None:
    page, _ = open_file(sign_in(incident, "en"), layer)
    drop(page, CSV)
    page.wait_for_url("**/versions/1/")
    read_files()
    expect(page.locator("#map-said")).to_contain_text("places on the map")
    page.locator("#levels a", has_text="Please check").click()
    # the only repaired row that is alone on its spot
    page.locator(".row-mark--repaired > span").first.click()
    expect(page.locator("#findings tr.is-chosen").first).to_be_visible()


def test_a_table_is_pasted_and_read(layer: Layer, incident: Incident, sign_in: SignIn) -> None:
    page, _ = open_file(sign_in(incident, "en"), layer)
    cells = [line.split(",") for line in CSV.splitlines()]
    rows = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in cells)
    page.evaluate(PASTE, [f"<table>{rows}</table>", ""])
    expect(page.locator("#table-said")).to_contain_text("6 rows, 5 columns")
    page.locator("#file-send").click()
    page.wait_for_url("**/versions/1/")
    read_files()
    expect(page.locator(".version-head")).to_contain_text("pasted.tsv")
    assert layer.versions.get().feature_count == 5


def test_what_cannot_be_sent_is_said_and_nothing_is_lost(
    layer: Layer, incident: Incident, sign_in: SignIn
) -> None:
    page, _ = open_file(sign_in(incident, "en"), layer)
    page.locator("#id_file").set_input_files(
        [{"name": n, "mimeType": "text/csv", "buffer": b"a"} for n in ("a.csv", "b.csv")]
    )
    expect(page.locator("#file-error")).to_contain_text("One file at a time")
    page.route("**/data?*", lambda route: route.abort())
    drop(page, CSV)
    expect(page.locator("#file-error")).to_contain_text("did not arrive")
    expect(page.locator("#file-form")).to_be_visible()
    page.unroute("**/data?*")
    drop(page, CSV)
    page.wait_for_url("**/versions/1/")


@pytest.mark.parametrize(("theme", "width"), looks.WIDTHS)
def test_no_accessibility_fault(
    layer: Layer, incident: Incident, sign_in: SignIn, theme: Any, width: int
) -> None:
    page, _ = open_file(sign_in(incident), layer)
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    drop(page, CSV)
    page.wait_for_url("**/versions/1/")
    assert faults(page) == [], "while it is read"
    read_files()
    expect(page.locator("#map-said")).not_to_be_empty()
    base = f"/publish/{layer.slug}/"
    for path in (
        "",
        "/publish/",
        "/publish/new/",
        f"{base}file/",
        f"{base}history/",
        f"{base}about/",
    ):
        if path:
            page.goto(path)
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert page.locator("html").evaluate("e => e.scrollWidth <= e.clientWidth"), path
        assert faults(page) == [], path
