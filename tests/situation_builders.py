"""A facility that crews visit, and what the API says of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import Client

from tests import builders
from tests.layer_builders import published_layer, spot

NINE = "2016-04-16T18:00:00+09:00"
TEN = "2016-04-16T19:00:00+09:00"


class Shelter:
    """A shelter of the incident, a field phone, and headquarters' program."""

    def __init__(self, kind: str = "shelter", *, standing: bool = False, **incident: Any) -> None:
        self.incident = builders.make_incident(**incident)
        where = None if standing else self.incident
        self.layer, self.publisher = published_layer(where, [spot("a"), spot("b")], kind=kind)
        self.by, self.token = builders.device(self.incident)
        self.hq = builders.api_token(builders.headquarters(self.incident), "operator")

    def body(self, captured_at: str = TEN, **said: Any) -> dict[str, Any]:
        where = {"incident": self.incident.slug, "layer": self.layer.slug, "feature": "a"}
        return {**where, "captured_at": captured_at, **said}

    def put(self, ident: Any = None, token: str = "", **body: Any) -> Any:
        return Client().put(
            f"/api/v1/situations/{ident or uuid.uuid4()}",
            self.body(**body),
            content_type="application/json",
            headers=builders.bearer(token or self.token),
        )

    def said(self, **body: Any) -> dict[str, Any]:
        answer = self.put(**body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def get(self, path: str = "/situations", token: str = "", **query: Any) -> Any:
        headers = builders.bearer(token) if token else {}
        url = f"/api/v1/layers/{self.layer.slug}/features/a{path}"
        return Client().get(url, query, headers=headers)

    def series(self, token: str = "", **query: Any) -> list[dict[str, Any]]:
        answer = self.get(token=token, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()["items"]

    def shown(self, token: str = "", **query: Any) -> dict[str, Any]:
        return self.get("", token, **query).json()["properties"]
