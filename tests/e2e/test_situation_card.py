"""The desk's card of a facility: the latest visit, live, and the series of all visits."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.gis.geos import Point
from playwright.sync_api import BrowserContext, Page, expect

from gspace.access import Caller
from gspace.models import Incident
from layers import actions
from layers.models import Layer
from layers.payload import SituationIn
from tests import builders
from tests.e2e.test_desk_accessible import faults, open_desk
from tests.layer_builders import published_layer, spot

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SignIn = Callable[..., BrowserContext]
ODD = "kumamoto/3 号"


@pytest.fixture
def incident(server: str) -> Incident:
    return builders.make_incident(centre=Point(130.75, 32.79), zoom=12)


def visit(layer: Layer, incident: Incident, by: Caller, hour: int, **said: object) -> None:
    where = {"incident": incident.slug, "layer": layer.slug, "feature": ODD}
    at = {"captured_at": f"2016-04-16T{hour:02}:00:00+09:00"}
    body = SituationIn.model_validate(where | at | said)
    actions.situation_receive(situation_id=uuid.uuid4(), body=body, by=by)


def open_card(page: Page) -> None:
    page.locator(".support-place svg").first.click()
    expect(page.locator("#feature-card")).to_be_visible()


@pytest.mark.parametrize("standing", [False, True])
def test_the_card_tells_the_latest_visit_and_all_of_them(
    incident: Incident, sign_in: SignIn, standing: bool
) -> None:
    where = None if standing else incident
    layer, _ = published_layer(where, [spot(ODD, name="体育館")])
    by, _ = builders.device(incident)
    page, complaints = open_desk(sign_in(incident, "en"), incident)
    open_card(page)
    card = page.locator("#feature-card")
    expect(card).not_to_contain_text("Visited")
    visit(layer, incident, by, 9, operation="open", persons=120, power="out", congestion="crowded")
    expect(card).to_contain_text("Visited")
    expect(card).to_contain_text(by.name)
    card.locator("summary").click()
    expect(card.locator("tbody tr")).to_have_count(1)
    # brings no state at all, and reaches the reader all the same, in the opened table
    visit(layer, incident, by, 10, households=0, needs="ミルク")
    expect(card.locator("tbody tr")).to_have_count(3)
    expect(card.locator("dl").last).to_contain_text("ミルク")
    first, words, second = card.locator("tbody tr").all()
    assert first.locator("td").all_inner_texts()[:4] == ["–", "–", "0", "–"]
    assert words.inner_text().strip() == "Needed: ミルク"
    assert second.locator("td").all_inner_texts()[:2] == ["Open", "120"]
    assert faults(page) == []
    assert [c for c in complaints if "cyberjapandata" not in c and "ERR_" not in c] == []


def test_long_series_come_in_parts(incident: Incident, sign_in: SignIn) -> None:
    layer, _ = published_layer(incident, [spot(ODD, name="体育館")])
    by, _ = builders.device(incident)
    for n in range(35):
        visit(layer, incident, by, n % 24, persons=n)
    page, _ = open_desk(sign_in(incident, "en"), incident)
    open_card(page)
    card = page.locator("#feature-card")
    card.locator("summary").click()
    expect(card.locator("tbody tr")).to_have_count(30)
    card.get_by_role("button", name="Earlier visits").click()
    expect(card.locator("tbody tr")).to_have_count(35)
    expect(card.get_by_role("button", name="Earlier visits")).to_be_hidden()
