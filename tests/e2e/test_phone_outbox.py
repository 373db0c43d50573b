"""The outbox says why each thing waits, gives way to what can go, and drains by itself."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from reports.models import Photo, Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import SCREEN, usable
from tests.e2e.phone_crew import Crew

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AT = 1_785_000_000_000
REFUSED = {
    "state": "attention", "tries": 1, "lastAt": AT, "nextAt": 0,
    "why": {"code": "incident_closed", "status": 409, "detail": "This incident is closed."},
}  # fmt: skip
DONE = {"state": "done", "tries": 1, "lastAt": AT, "nextAt": 0, "why": None}


@pytest.fixture
def crew(browser: Browser, server: str) -> Iterator[Crew]:
    context = browser.new_context(
        base_url=server, viewport=SCREEN, locale="en", has_touch=True, accept_downloads=True
    )
    yield Crew(context, server, builders.make_incident("quake"))
    context.close()


def test_offline_each_row_says_what_it_waits_for(crew: Crew) -> None:
    photo = builders.jpeg(3)
    waits = phone_seed.entry(crew.incident, AT, [photo])
    placeless = phone_seed.entry(
        crew.incident, AT + 1, category="fire", device_fix=None, captured_at=None
    )
    nowhere = phone_seed.entry(crew.incident, AT + 2, category="bridge") | {"incident": None}
    crew.offline()
    crew.keeps(waits, placeless, nowhere, photos={waits["photos"][0]["id"]: photo})
    crew.opens("/m/outbox")
    expect(crew.row("Road")).to_contain_text("No network")
    # the preview is the phone's own, out of its storage
    source = crew.row("Road").locator("img").get_attribute("src")
    assert source and source.startswith("blob:")
    expect(crew.row("Fire")).to_contain_text("No place yet")
    expect(crew.row("Bridge")).to_contain_text("belongs to no incident")
    expect(crew.page.locator(".queue")).to_contain_text("Reports: 0 / 3")
    expect(crew.page.locator(".folders a[aria-current]")).to_contain_text("3")


def test_it_comes_back_and_drains_with_numbers(crew: Crew) -> None:
    contents = [builders.jpeg(n, (320, 240)) for n in range(6)]
    entries = [phone_seed.entry(crew.incident, AT + n, [c]) for n, c in enumerate(contents)]
    photos = {e["photos"][0]["id"]: c for e, c in zip(entries, contents, strict=True)}
    crew.offline()
    crew.keeps(*entries, photos=photos)
    crew.opens("/m/outbox")
    expect(crew.page.locator(".queue")).to_contain_text("Large pictures: 0 / 6")
    seen: list[str] = []
    crew.page.expose_function("seen", lambda text: seen.append(text))
    crew.page.evaluate(
        """() => { const queue = document.querySelector('.queue');
           new MutationObserver(() => seen(queue.textContent)).observe(
             queue, {subtree: true, childList: true, characterData: true}); }"""
    )
    crew.online()
    phone_seed.wait_sent(crew.page, 6)
    expect(crew.page.locator(".empty")).to_contain_text("everything has arrived")
    assert any(re.search(r"Reports: [1-5] / 6", text) for text in seen), seen
    assert Report.objects.count() == 6
    assert Photo.objects.filter(stored_at__isnull=False).count() == 6
    crew.opens("/m/outbox?folder=sent")
    receipt = Report.objects.get(id=entries[0]["id"]).receipt
    expect(crew.page.locator(".entries")).to_contain_text(f"{receipt[:3]} {receipt[3:]}")


def test_what_needs_a_person_blocks_nothing_and_can_be_given_to_another_incident(
    crew: Crew,
) -> None:
    other = builders.make_incident("flood", name_en="Flood")
    builders.join(other, builders.headquarters(crew.incident), "hq")
    crew.page.reload()
    usable(crew.page)
    crew.offline()
    refused = phone_seed.entry(crew.incident, AT, category="gas") | {"words": REFUSED}
    good = [phone_seed.entry(crew.incident, AT + 1 + n) for n in range(3)]
    crew.keeps(refused, *good)
    crew.online()
    phone_seed.wait_sent(crew.page, 3)
    crew.opens("/m/outbox")
    row = crew.row("Gas")
    expect(row).to_contain_text("The incident is closed")
    expect(row).to_contain_text("Give it to another incident")
    expect(crew.page.locator(".queue")).to_contain_text("1 need you")
    row.get_by_role("button", name="Another incident").click()
    crew.page.locator("dialog").get_by_text("Flood").click()
    crew.page.locator("dialog").get_by_role("button", name="Choose").click()
    phone_seed.wait_sent(crew.page, 4)
    assert Report.objects.get(id=refused["id"]).incident == other


def test_a_login_page_of_a_wifi_is_called_one(crew: Crew) -> None:
    def lie(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<h1>Free Wi-Fi</h1>")

    crew.context.route(re.compile("/api/v1/reports/"), lie)
    crew.keeps(phone_seed.entry(crew.incident, AT))
    crew.opens("/m/outbox")
    banner = crew.page.locator(".queue .banner--warn")
    expect(banner).to_contain_text("login page of this Wi-Fi")
    expect(banner).to_contain_text("Next try")
    # pressed while it still lies: later it goes by itself, and the button with it
    crew.page.get_by_role("button", name="Send now").click()
    crew.context.unroute(re.compile("/api/v1/reports/"))
    phone_seed.wait_sent(crew.page, 1)


def test_large_pictures_wait_for_wifi_until_a_person_lets_them_go(crew: Crew) -> None:
    photo = builders.jpeg(5)
    held = phone_seed.entry(crew.incident, AT, [photo])
    crew.sets("hold_originals", True)
    crew.keeps(held, photos={held["photos"][0]["id"]: photo})
    crew.opens("/m/outbox")
    expect(crew.row("Road")).to_contain_text("The large pictures are held back")
    assert Report.objects.count() == 1
    assert not Photo.objects.filter(stored_at__isnull=False).exists()
    crew.page.get_by_role("button", name="Send large pictures now").click()
    phone_seed.wait_sent(crew.page, 1)


def test_a_picture_that_is_lost_keeps_nobody_for_ever(crew: Crew) -> None:
    lost = phone_seed.entry(crew.incident, AT, [builders.jpeg(7)]) | {"words": DONE}
    gone = {**REFUSED, "why": {"code": "bytes_gone"}}
    lost["photos"][0] |= {"original": gone, "preview": DONE}
    crew.keeps(lost)
    crew.opens("/m/outbox")
    expect(crew.row("Road")).to_contain_text("no longer on this phone")
    crew.row("Road").get_by_role("button", name="Do without the picture").click()
    crew.page.locator("dialog").get_by_role("button", name="Do without the picture").click()
    expect(crew.page.locator(".empty")).to_be_visible()
    assert phone_seed.read(crew.page)[0]["folder"] == "sent"


def test_a_draft_goes_only_when_a_person_says_so_twice(crew: Crew) -> None:
    crew.keeps(phone_seed.entry(crew.incident, AT) | {"folder": "draft"})
    crew.opens("/m/outbox?folder=draft")
    discard = crew.row("Road").get_by_role("button", name="Discard")
    discard.click()
    crew.page.locator("dialog").get_by_role("button", name="Cancel").click()
    assert len(phone_seed.read(crew.page)) == 1
    discard.click()
    crew.page.locator("dialog").get_by_role("button", name="Discard").click()
    expect(crew.page.locator(".empty")).to_contain_text("No drafts")
    assert phone_seed.read(crew.page) == []


def test_as_a_last_resort_one_report_leaves_as_a_file(crew: Crew, tmp_path: Path) -> None:
    refused = phone_seed.entry(crew.incident, AT) | {"words": REFUSED}
    crew.keeps(refused)
    crew.opens("/m/outbox")
    with crew.page.expect_download() as download:
        crew.row("Road").get_by_role("button", name="Save as a file").click()
    download.value.save_as(tmp_path / "out.zip")
    names = zipfile.ZipFile(tmp_path / "out.zip").namelist()
    assert f"{refused['id']}/report.json" in names


def test_an_object_address_does_not_outlive_its_screen(crew: Crew) -> None:
    photo = builders.jpeg(3)
    waits = phone_seed.entry(crew.incident, AT, [photo])
    crew.offline()
    crew.keeps(waits, photos={waits["photos"][0]["id"]: photo})
    crew.opens("/m/outbox")
    source = crew.row("Road").locator("img").get_attribute("src")
    crew.opens("/m/settings")
    expect(crew.page.locator(".entry")).to_have_count(0)
    alive = "(url) => fetch(url).then(() => true, () => false)"
    assert not crew.page.evaluate(alive, source)
