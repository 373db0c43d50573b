"""A layer with its publisher at the desk: edits by hand, files after them, and what is seen."""

from __future__ import annotations

import json
from datetime import timedelta

from django.test import Client

from gspace import access
from layers import actions, features
from layers.models import FeatureEdit, Layer
from tests import builders
from tests.layer_builders import NOON, publish, published_layer, spot

API = "/api/v1/layers"
AT = {"type": "Point", "coordinates": [130.7101, 32.8031]}
ONE = NOON + timedelta(hours=1)


class Desk:
    """A layer with two places, its publisher signed in, and a clock that is told."""

    def __init__(self, **more) -> None:
        self.incident = builders.make_incident()
        rows = [spot("a", 電話="096"), spot("b", 130.76)]
        self.layer, self.by = published_layer(self.incident, rows, **more)
        user = builders.make_user(self.layer.publisher, "publisher")
        self.client, self.by_name = Client(), access.caller_from_user(user.id).name
        self.client.force_login(user)

    def add(self, now=NOON, **values) -> str:
        given = {"name": "公民館", "geometry": AT} | values
        return actions.feature_add(
            layer=self.layer, values=given, state={}, source_as_of=None, by=self.by, now=now
        )

    def change(self, ident: str = "a", now=NOON, state=None, **values) -> None:
        actions.feature_change(
            layer=self.layer, feature_id=ident, values=values, state=state or {},
            source_as_of=None, by=self.by, now=now,
        )  # fmt: skip

    def withdraw(self, ident: str = "a", now=NOON) -> None:
        actions.feature_withdraw(layer=self.layer, feature_id=ident, by=self.by, now=now)

    def undo(self, edit: FeatureEdit | None = None) -> FeatureEdit:
        edit = edit or FeatureEdit.objects.latest("id")
        return actions.edit_undo(layer=self.layer, edit_id=edit.id, by=self.by, now=NOON)

    def file(self, *rows: dict, now=ONE, **more):
        return publish(self.layer, self.by, list(rows), now=now, source_as_of=now, **more)

    def seen(self) -> dict[str, dict]:
        layer = Layer.objects.get(id=self.layer.id)
        found = json.loads(features.collection(layer, "public", "e", {}))["features"]
        return {f["id"]: f["properties"] | {"geometry": f["geometry"]} for f in found}

    def counts(self) -> tuple:
        version = Layer.objects.get(id=self.layer.id).published
        return version.feature_count, version.without_place, version.extent

    def send(self, method: str, path: str, body: dict | None = None):
        call = getattr(self.client, method)
        return call(f"{API}/{self.layer.slug}{path}", body or {}, content_type="application/json")
