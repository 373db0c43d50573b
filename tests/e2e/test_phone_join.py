"""How a phone joins, is handed over, is locked out, and comes to know of incidents."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gspace import access, actions
from gspace.models import Device, DeviceKey, Incident, Organisation
from reports.models import Report
from tests import builders
from tests.e2e import phone_seed
from tests.e2e.phone_browser import SCREEN, with_key

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Opens = Callable[..., BrowserContext]
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1"
)
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
AT = 1_785_000_000_000


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Opens]:
    """Opens a phone's browser with a storage of its own."""
    opened: list[BrowserContext] = []

    def run(token: str = "", **more: Any) -> BrowserContext:
        given = {"base_url": server, "viewport": SCREEN, "locale": "en", "has_touch": True}
        opened.append(browser.new_context(**(given | more)))
        return with_key(opened[-1], server, token) if token else opened[-1]

    yield run
    for context in opened:
        context.close()


def invitation(organisation: Organisation) -> str:
    _, code = actions.invite_create(organisation=organisation)
    return code


def peacetime() -> Organisation:
    """A city, and no incident."""
    return builders.make_organisation("city")


def opened(organisation: Organisation, slug: str, **more: Any) -> Incident:
    incident = builders.make_incident(slug, **more)
    builders.join(incident, organisation, "hq")
    return incident


def joined(page: Page) -> Page:
    expect(page.locator(".phone-bar")).to_be_visible()
    expect(page.locator(".phone-tabs a")).to_have_count(4)
    return page


def settings_of(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/m/settings")
    expect(page.locator(".settings")).to_be_visible()
    return page


def strip(page: Page, words: str) -> Any:
    return page.locator(".phone-head [role=status] > *", has_text=words)


def waiting(incident: Incident | None) -> dict[str, Any]:
    some = incident or Incident(slug="")
    return phone_seed.entry(some, AT) | {"incident": incident.slug if incident else None}


def key_of(page: Page) -> str:
    return page.evaluate(
        """async () => {
          const asked = indexedDB.open('gspace');
          const db = await new Promise((yes) => { asked.onsuccess = () => yes(asked.result); });
          const one = db.transaction('kept').objectStore('kept').get('device');
          const found = await new Promise((yes) => { one.onsuccess = () => yes(one.result); });
          db.close();
          return found?.token ?? '';
        }"""
    )


# --- joining -------------------------------------------------------------------------------
def test_scanned_once_the_phone_needs_no_password(phone: Opens, server: str) -> None:
    incident = builders.make_incident()
    context = phone()
    page = context.new_page()
    page.goto(f"/m/join/{invitation(builders.headquarters(incident))}")
    page.locator("#label").fill("Unit 3")
    page.locator("main button").click()
    expect(page).to_have_url(f"{server}/m/")
    joined(page)
    expect(page.locator(".phone-bar__incident")).to_contain_text(incident.name_en or incident.name)
    assert Device.objects.get().label == "Unit 3"
    # its own key, kept by the app: the cookie may go
    context.clear_cookies()
    joined(settings_of(context))
    page = settings_of(context)
    expect(page.locator("#label")).to_have_value("Unit 3")
    assert access.caller_from_token(key_of(page)).name == "Unit 3"


def test_before_joining_every_address_says_how(phone: Opens) -> None:
    page = phone().new_page()
    for path in ("/m/", "/m/outbox", "/m/report/1b4e28ba-2fa1-11d2-883f-0016d3cca427"):
        page.goto(path)
        expect(page.locator("h1")).to_have_text("Send reports from this phone")
    page.goto("/m/rules")
    expect(page.locator("h1")).to_have_text("Rules")
    expect(page.locator(".rules li").first).to_contain_text("Your own safety comes first.")


def test_an_invitation_can_be_pasted_with_a_name(phone: Opens, server: str) -> None:
    code = invitation(builders.headquarters(builders.make_incident()))
    page = phone().new_page()
    page.goto("/m/list")
    expect(page.locator("#new-label")).to_be_hidden()
    page.locator("#code").fill(f"{server}/m/join/{code}")
    page.locator("#new-label").fill("西原村 第3班")
    page.get_by_role("button", name="Join").click()
    joined(page)
    assert Device.objects.get().label == "西原村 第3班"
    assert page.url == f"{server}/m/list"


def test_a_wrong_code_is_told_at_its_field(phone: Opens) -> None:
    page = phone().new_page()
    page.goto("/m/")
    page.locator("#code").fill("no-such-code")
    page.locator("#new-label").fill("x")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#code-error")).to_contain_text("wrong, used or expired")
    expect(page.locator("#code")).to_have_value("no-such-code")


def test_without_a_network_it_says_so_and_joins_by_itself(phone: Opens) -> None:
    _, token = builders.device(builders.make_incident())
    context = phone(token)
    context.route("**/devices/me/keys", lambda route: route.abort())
    page = context.new_page()
    page.goto("/m/")
    expect(page.locator(".banner", has_text="Joining needs a network")).to_be_visible()
    context.unroute("**/devices/me/keys")
    page.evaluate("dispatchEvent(new Event('online'))")
    joined(page)


def test_a_login_page_is_no_key(phone: Opens) -> None:
    _, token = builders.device(builders.make_incident())
    context = phone(token)
    lie = {"status": 200, "content_type": "text/html", "body": "<h1>Log in</h1>"}
    context.route("**/devices/me/keys", lambda route: route.fulfill(**lie))
    page = context.new_page()
    page.goto("/m/")
    expect(page.locator(".banner", has_text="A login page is in the way")).to_be_visible()
    assert key_of(page) == ""


# --- handing over --------------------------------------------------------------------------
def test_six_digits_hand_the_phone_over_once(phone: Opens) -> None:
    caller, token = builders.device(builders.make_incident())
    page = settings_of(phone(token))
    page.get_by_text("Go on in another browser").click()
    page.get_by_role("button", name="Show six digits").click()
    digits = page.locator("#digits").inner_text()
    other = phone().new_page()
    other.goto("/m/")
    other.locator("#code").fill(digits)
    other.get_by_role("button", name="Join").click()
    joined(other)
    assert access.caller_from_token(key_of(other)).device == caller.device
    assert key_of(other) != key_of(page)
    third = phone().new_page()
    third.goto("/m/")
    third.locator("#code").fill(digits)
    third.get_by_role("button", name="Join").click()
    expect(third.locator("#code-error")).to_contain_text("wrong, used or expired")


def test_an_iphones_installed_app_starts_with_the_hand_over(phone: Opens, server: str) -> None:
    caller, token = builders.device(builders.make_incident())
    context = phone(token, user_agent=IPHONE)
    page = context.new_page()
    page.goto("/m/settings")
    phone_seed.put(page, "", [waiting(None)])
    page.reload()
    expect(page.locator(".banner", has_text="1 report is still in this browser")).to_be_visible()
    page.get_by_role("button", name="Show six digits").click()
    expect(page.locator("#digits")).to_be_visible()
    manifest = page.locator("link[rel=manifest]").get_attribute("href")
    start = context.request.get(f"{server}{manifest}").json()["start_url"]
    assert "transfer=" in start
    # another storage, as on the home screen
    installed = phone(user_agent=IPHONE).new_page()
    installed.goto(start)
    joined(installed)
    expect(installed).to_have_url(f"{server}/m/")
    assert access.caller_from_token(key_of(installed)).device == caller.device


def test_an_iphones_installed_app_without_it_asks_for_the_digits_first(phone: Opens) -> None:
    context = phone(user_agent=IPHONE)
    context.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
    page = context.new_page()
    page.goto("/m/")
    expect(page.locator("h2").first).to_have_text("Enter the six digits")
    expect(page.locator("#code")).to_have_attribute("inputmode", "numeric")


# --- locked out ----------------------------------------------------------------------------
def test_locked_out_it_keeps_what_is_unsent_and_says_what_to_do(
    phone: Opens, server: str, tmp_path: Any
) -> None:
    incident = builders.make_incident()
    caller, token = builders.device(incident)
    context = phone(token)
    page = joined(settings_of(context))
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    told = waiting(incident)
    phone_seed.put(page, "", [told])
    page.reload()
    notice = strip(page, "This phone has been locked out by headquarters.")
    expect(notice).to_contain_text("What has not been sent is kept here.")
    expect(notice).to_contain_text("Ask headquarters for a new invitation")
    with page.expect_download() as download:
        notice.get_by_role("button", name="Save to a file").click()
    download.value.save_as(tmp_path / "unsent.zip")
    with zipfile.ZipFile(tmp_path / "unsent.zip") as saved:
        assert f"{told['id']}/report.json" in saved.namelist()
    assert [entry["folder"] for entry in phone_seed.read(page)] == ["waiting"]
    # a new invitation, scanned in the same browser: everything goes on
    page.goto(f"/m/join/{invitation(builders.headquarters(incident))}")
    page.locator("#label").fill("Unit 3 again")
    page.locator("main button").click()
    joined(page)
    expect(notice).to_have_count(0)
    phone_seed.wait_sent(page, 1)
    assert str(Report.objects.get().id) == told["id"]


def test_locked_out_a_new_code_can_be_typed(phone: Opens) -> None:
    incident = builders.make_incident()
    caller, token = builders.device(incident)
    page = joined(settings_of(phone(token)))
    actions.device_revoke(device=Device.objects.get(id=caller.device))
    page.evaluate(LOOKED_AT)
    strip(page, "locked out").get_by_role("link", name="Enter a new code").click()
    page.locator("#code").fill(invitation(builders.headquarters(incident)))
    page.get_by_role("button", name="Join").click()
    expect(strip(page, "locked out")).to_have_count(0)
    assert access.caller_from_token(key_of(page)).device != caller.device


def test_signing_out_ends_the_key_and_only_with_an_empty_outbox(phone: Opens) -> None:
    incident = builders.make_incident()
    _, token = builders.device(incident)
    context = phone(token)
    context.route("**/api/v1/reports/*", lambda route: route.abort())
    page = joined(settings_of(context))
    phone_seed.put(page, "", [waiting(incident)])
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_disabled()
    context.unroute("**/api/v1/reports/*")
    page.evaluate("dispatchEvent(new Event('online'))")
    phone_seed.wait_sent(page, 1)
    key = key_of(page)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign this phone out").click()
    expect(page.locator("h1")).to_have_text("Send reports from this phone")
    # what the app itself still loads must not cross the reload
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("h1")).to_have_text("Send reports from this phone")
    assert phone_seed.read(page) == []
    assert not DeviceKey.objects.filter(token_hash=access.token_hash(key)).exists()


# --- incidents -----------------------------------------------------------------------------
def test_an_incident_opened_later_is_offered_and_takes_what_waits(phone: Opens) -> None:
    city = peacetime()
    page = phone().new_page()
    page.goto(f"/m/join/{invitation(city)}")
    page.locator("#label").fill("Unit 3")
    page.locator("main button").click()
    joined(page)
    expect(strip(page, "Peacetime")).to_be_visible()
    told = waiting(None)
    phone_seed.put(page, "", [told])
    page.reload()
    expect(page.get_by_role("link", name="Drafts 0 To send 1 Sent 0")).to_be_visible()
    incident = opened(city, "flood", name_en="Flood")
    page.evaluate(LOOKED_AT)
    news = strip(page, "An incident has been opened:")
    expect(news).to_contain_text("Flood")
    expect(page.locator(".phone-bar__incident")).to_contain_text("Flood")
    phone_seed.wait_sent(page, 1)
    assert Report.objects.get().incident == incident
    news.get_by_role("button", name="Seen").click()
    page.reload()
    joined(page)
    expect(news).to_have_count(0)


@pytest.mark.parametrize("states", [("active", "active"), ("drill",)])
def test_where_it_is_not_clear_a_person_decides(phone: Opens, states: tuple[str, ...]) -> None:
    """Several incidents; or a drill, which must not take what was seen in earnest."""
    city = peacetime()
    offered = [opened(city, f"i{n}", name_en=f"No {n}", state=s) for n, s in enumerate(states)]
    _, token = actions.device_create(organisation=city, label="Unit 3")
    context = phone(token)
    page = joined(settings_of(context))
    phone_seed.put(page, "", [waiting(None)])
    page.reload()
    page.evaluate(LOOKED_AT)
    ask = strip(page, "1 report belongs to no incident yet")
    expect(ask).to_be_visible()
    page.wait_for_timeout(500)
    assert not Report.objects.exists()
    ask.get_by_role("button", name="Choose").click()
    page.locator("dialog.sheet button", has_text="No 0").click()
    phone_seed.wait_sent(page, 1)
    assert Report.objects.get().incident == offered[0]


def test_a_drill_is_marked_and_incidents_are_switched_in_the_bar(phone: Opens) -> None:
    city = peacetime()
    opened(city, "quake", name_en="Quake")
    opened(city, "drill", name_en="Exercise", state="drill")
    _, token = actions.device_create(organisation=city, label="Unit 3")
    page = joined(settings_of(phone(token)))
    # what is real comes first
    expect(page.locator(".phone-bar__incident")).to_contain_text("Quake")
    expect(strip(page, "Drill")).to_have_count(0)
    page.locator(".phone-bar__incident").click()
    page.locator("dialog.sheet button", has_text="Exercise").click()
    expect(strip(page, "Drill - this is not a real emergency")).to_be_visible()
    page.reload()
    expect(page.locator(".phone-bar__incident")).to_contain_text("Exercise")


def test_headquarters_hears_how_much_waits(phone: Opens) -> None:
    incident = builders.make_incident()
    caller, token = builders.device(incident)
    context = phone(token)
    context.route("**/api/v1/reports/*", lambda route: route.abort())
    page = joined(settings_of(context))
    phone_seed.put(page, "", [waiting(incident), waiting(incident)])
    page.reload()
    for _ in range(50):
        device = Device.objects.get(id=caller.device)
        if device.unsent == 2:
            break
        page.wait_for_timeout(200)
    assert device.unsent == 2
    assert device.oldest_unsent_at
    assert int(device.oldest_unsent_at.timestamp() * 1000) == AT
