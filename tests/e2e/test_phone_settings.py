"""What is set on the phone holds, without a network too; and the way out by a file."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from gspace.models import Device, Incident
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import PhoneBrowser, visit, with_key

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AT = 1_785_000_000_000


@pytest.fixture
def phone(playwright: Playwright, server: str, tmp_path: Path) -> PhoneBrowser:
    return PhoneBrowser(playwright, server, tmp_path / "profile")


def settings(context: BrowserContext, server: str) -> tuple[Page, Incident]:
    """An enrolled phone with its settings open, and the app kept."""
    incident = builders.make_incident()
    _, token = builders.device(incident)
    page = visit(with_key(context, server, token), "/m/settings")
    expect(page.locator(".settings")).to_be_visible()
    return page, incident


def test_the_language_changes_without_a_network_and_stays(phone: PhoneBrowser) -> None:
    with phone.started(locale="en") as context:
        settings(context, phone.server)
    with phone.started(flight_mode=True, locale="en") as context:
        page = context.new_page()
        page.goto("/m/settings")
        html = page.locator("html")
        expect(html).to_have_attribute("lang", "en")
        for name, code in (("やさしい日本語", "ja-simple"), ("日本語", "ja")):
            page.get_by_role("button", name=name, exact=True).click()
            expect(html).to_have_attribute("lang", code)
            expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute(
                "aria-pressed", "true"
            )
        # the vocabulary's words came with it
        words = page.evaluate("fetch('/m/words/ja-simple.json').then((a) => a.json())")
        assert words["vocabulary"]["codes"]["category"]
        page.get_by_role("button", name="やさしい日本語", exact=True).click()
        expect(html).to_have_attribute("lang", "ja-simple")
        assert {"django_language"} <= {cookie["name"] for cookie in context.cookies()}
    with phone.started(flight_mode=True, locale="en") as context:
        page = context.new_page()
        page.goto("/m/rules")
        expect(page.locator("html")).to_have_attribute("lang", "ja-simple")


def test_a_language_that_is_not_on_the_phone_is_no_blank_page(phone: PhoneBrowser) -> None:
    with phone.started(locale="en", service_workers="block") as context:
        context.route("**/m/words/*", lambda route: route.abort())
        page = context.new_page()
        page.goto("/m/")
        page.get_by_role("button", name="日本語", exact=True).click()
        expect(page.locator(".field__error", has_text="not on this phone yet")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(("theme", "ground"), [("Dark", "rgb(0, 0, 0)"), ("Light", "")])
def test_the_theme_is_kept(phone: PhoneBrowser, theme: str, ground: str) -> None:
    with phone.started(locale="en", color_scheme="light") as context:
        page, _ = settings(context, phone.server)
        page.get_by_role("radio", name=theme, exact=True).check()
    with phone.started(locale="en", color_scheme="dark", flight_mode=True) as context:
        page = context.new_page()
        page.goto("/m/rules")
        expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())
        if ground:
            shown = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            assert shown == ground


def test_the_name_goes_to_headquarters(phone: PhoneBrowser) -> None:
    with phone.started(locale="en") as context:
        page, _ = settings(context, phone.server)
        name = page.locator("#label")
        expect(name).to_have_value(Device.objects.get().label)
        name.fill("西原村 第3班")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#label-said")).to_contain_text("Headquarters sees the new name")
        assert Device.objects.get().label == "西原村 第3班"
        context.set_offline(True)
        name.fill("another")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#label-said")).to_contain_text("Not saved")


def test_everything_unsent_goes_into_one_file(phone: PhoneBrowser, tmp_path: Path) -> None:
    picture = builders.jpeg(7)
    with phone.started(locale="en") as context:
        page, incident = settings(context, phone.server)
        context.route("**/api/v1/reports/*", lambda route: route.abort())
        told = phone_seed.entry(incident, AT, [picture], comment="橋が落ちた")
        draft = phone_seed.entry(incident, AT + 1) | {"folder": "draft"}
        photo = told["photos"][0]["id"]
        phone_seed.put(page, "", [told, draft], {photo: picture})
        page.reload()
        expect(page.get_by_text("Not sent yet: 1 photo")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Save everything unsent to a file").click()
        download.value.save_as(tmp_path / "unsent.zip")
        expect(page.get_by_text("Give the file to headquarters")).to_be_visible()
        assert {e["folder"] for e in phone_seed.read(page)} == {"waiting", "draft"}
    check_export(tmp_path / "unsent.zip", told, draft, picture)


def check_export(path: Path, told: dict[str, Any], draft: dict[str, Any], picture: bytes) -> None:
    with zipfile.ZipFile(path) as saved:
        assert saved.testzip() is None
        photo = told["photos"][0]["id"]
        assert saved.read(f"{told['id']}/{photo}.jpg") == picture
        report = json.loads(saved.read(f"{told['id']}/report.json"))
        phone = saved.read("phone.json").decode()
        assert json.loads(saved.read(f"{draft['id']}/report.json"))["folder"] == "draft"
    assert report["body"]["comment"] == "橋が落ちた"
    assert report["body"]["photos"][0]["sha256"] == hashlib.sha256(picture).hexdigest()
    assert uuid.UUID(json.loads(phone)["device"]) == Device.objects.get().id
    assert "token" not in phone


def test_sent_copies_can_be_deleted_and_nothing_else(phone: PhoneBrowser) -> None:
    with phone.started(locale="en") as context:
        page, incident = settings(context, phone.server)
        sent = phone_seed.entry(incident, AT) | {"folder": "sent", "sentAt": AT}
        sent["words"] = phone_seed.NOW | {"state": "done"}
        draft = phone_seed.entry(incident, AT + 1) | {"folder": "draft"}
        phone_seed.put(page, "", [sent, draft])
        page.reload()
        page.get_by_role("button", name="Delete 1 sent copy").click()
        expect(page.get_by_role("button", name="Delete 1 sent copy")).to_have_count(0)
        assert [e["id"] for e in phone_seed.read(page)] == [draft["id"]]


def test_little_room_is_told_before_it_is_none(phone: PhoneBrowser) -> None:
    quota = "navigator.storage.estimate = async () => ({quota: 90e6, usage: 30e6})"
    with phone.started(locale="en") as context:
        context.add_init_script(quota)
        page, _ = settings(context, phone.server)
        expect(page.get_by_text("Still free: 60 MB.")).to_be_visible()
        expect(page.locator(".banner", has_text="Little room is left")).to_be_visible()


def test_a_browser_that_keeps_nothing_says_so(phone: PhoneBrowser) -> None:
    broken = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    with phone.started(locale="en") as context:
        context.add_init_script(broken)
        page = context.new_page()
        page.goto("/m/")
        expect(page.locator("h1")).to_have_text("Reports cannot be kept here")
        expect(page.get_by_role("link", name="Open the plain form")).to_have_attribute(
            "href", "/m/form/"
        )
