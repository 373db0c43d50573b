"""A publisher in front of the pages of a layer's places, without any script."""

from __future__ import annotations

import json
import re
from typing import Any

from django.test import Client

from layers import features
from layers.models import Layer
from tests import builders
from tests.layer_builders import make_layer, publish, spot

ODD = "kumamoto/3 号?"


class Desk:
    """Kita, who publishes a layer, in front of its pages without any script."""

    def __init__(self, kind: str = "shelter", spots: list[dict] | None = None) -> None:
        self.incident = builders.make_incident()
        self.layer, self.by = make_layer(self.incident, kind=kind, slug="shelters")
        if spots is not None:
            publish(self.layer, self.by, spots)
            self.layer.refresh_from_db()
        self.client = signed_in(self.layer)

    def page(self, path: str = "", **query: Any) -> str:
        answer = self.client.get(f"/publish/shelters/{path}", query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def post(self, path: str, status: int = 200, **form: Any) -> str:
        answer = self.client.post(f"/publish/shelters/{path}", form, follow=status == 200)
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    def say(self, ident: str = "a", status: int = 200, **form: Any) -> str:
        return self.post(f"places/{ident}/", status, **form)

    def now(self, ident: str = "a") -> dict[str, Any]:
        self.layer.refresh_from_db()
        return json.loads(features.feature(self.layer, ident, "hq"))


def signed_in(layer: Layer, role: str = "publisher") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(builders.make_user(layer.publisher, role))
    return client


def four_shelters() -> Desk:
    """Open, nothing said, closed and empty, and one without a place."""
    spots = [
        spot("a", name="東小学校", address="熊本市東区1", state={"operation": "open"}),
        spot(ODD, 130.76, name="西体育館", name_en="West Gym"),
        spot("c", name="北公民館", estimated=True, state={"operation": "closed", "persons": 0}),
        {"type": "Feature", "id": "d", "geometry": None, "properties": {"name": "住所だけ"}},
    ]
    return Desk(spots=spots)


def listed(page: str) -> list[str]:
    return re.findall(r'class="place-list__name" href="[^"]+">([^<]+)<', page)


def pressed(page: str, field: str) -> list[str]:
    return re.findall(rf'name="{field}" value="([^"]+)" aria-pressed="true"', page)
