"""One incident, everything in it that somebody must not see, and the seven who ask."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from gspace import access
from gspace import actions as trunk
from gspace.access import Caller
from gspace.models import Membership
from layers import actions as layer_actions
from reports import actions, blobs, exports
from reports.models import Photo, Report
from reports.payload import HqEdit
from tests import builders, layer_builders

ROLES = ["nobody", "volunteer", "field", "partner", "publisher", "operator", "stranger"]
"""publisher: of an organisation that has no part in the incident; stranger: operator of another
incident's headquarters."""
REPORTS = {
    "plain": {},
    "rescue": {"category": "rescue"},
    "home": {"category": "building"},
    "rejected": {},
    "released": {},
    "erased": {},
}
SECRETS = {
    "reporter": "山田花子", "hq": "本部だけの話", "comment": "目撃者の言葉",
    "crews": "全員撤収してください",
}  # fmt: skip

# An object a line: what GET answers to each role.
OBJECTS = """
#                        nobody volunteer field partner publisher operator stranger
report plain               | 404 404 200 200 404 200 404
report rescue              | 404 404 404 200 404 200 404
report home                | 404 404 404 200 404 200 404
report rejected            | 404 404 404 200 404 200 404
report released            | 200 200 200 200 200 200 200
report erased              | 404 404 404 404 404 410 404
report own-of-volunteer    | 404 200 200 200 404 200 404
report own-of-field        | 404 404 200 200 404 200 404
copies plain               | 404 404 200 200 404 200 404
copies rescue              | 404 404 404 200 404 200 404
copies home                | 404 404 404 200 404 200 404
copies rejected            | 404 404 404 200 404 200 404
copies released            | 404 404 200 200 404 200 404
copies own-of-volunteer    | 404 200 200 200 404 200 404
original released          | 401 403 403 403 403 200 403
original own-of-field      | 401 403 403 403 403 200 403
notes released             | 401 404 404 404 404 200 404
notes own-of-volunteer     | 401 200 404 404 404 200 404
history own-of-volunteer   | 401 403 403 403 403 200 403
layer public               | 200 200 200 200 200 200 200
layer partner              | 404 404 404 200 200 200 404
layer hq                   | 404 404 404 404 200 200 404
layer draft                | 404 404 404 404 200 404 404
"""


def rows(table: str) -> dict[str, list[int]]:
    """The words before the bar -> what each role gets."""
    found = {}
    for line in table.strip().splitlines():
        if not line.startswith("#"):
            words, _, codes = line.partition("|")
            found[" ".join(words.split())] = [int(code) for code in codes.split()]
    return found


class World:
    def __init__(self) -> None:
        self.incident = builders.make_incident("quake")
        self.elsewhere = builders.make_incident("elsewhere")
        self.clients = {name: Client() for name in ROLES}
        self.tokens: dict[str, str] = {}
        self._people()
        self.author, _ = self._device("field", SECRETS["reporter"])
        self.hq = builders.operator(self.incident)
        self.reports = {n: self._report(self.author, **more) for n, more in REPORTS.items()}
        self.own = {name: self._report(by) for name, by in self.devices.items()}
        self._work()
        self._layers()
        with connection.cursor() as cursor:
            # the feed's triggers wait for a COMMIT that a test may never make
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")

    def _people(self) -> None:
        liaison = builders.make_organisation("prefecture")
        builders.join(self.incident, liaison, "partner")
        self.neighbour = builders.make_organisation("neighbour")
        seats = {
            "partner": (liaison, "partner"),
            "publisher": (self.neighbour, "publisher"),
            "operator": (builders.headquarters(self.incident), "operator"),
            "stranger": (builders.headquarters(self.elsewhere), "operator"),
        }
        for name, (organisation, role) in seats.items():
            self.clients[name].force_login(builders.make_user(organisation, role))
            self.tokens[name] = builders.api_token(organisation, role)
        self.devices: dict[str, Caller] = {}
        for name in ("volunteer", "field"):
            self.devices[name], self.tokens[name] = self._device(name, name)
            self.clients[name].cookies[access.DEVICE_COOKIE] = self.tokens[name]

    def _device(self, audience: str, label: str) -> tuple[Caller, str]:
        home = builders.headquarters(self.incident)
        _, token = trunk.device_create(organisation=home, label=label, audience=audience)
        return access.caller_from_token(token), token

    def _report(self, by: Caller, **more: Any) -> uuid.UUID:
        """A report with a developed photo and a preview."""
        content = builders.jpeg(next(builders.count))
        told = builders.announce(content)
        ident = builders.make_report(
            self.incident, by, photos=[told], comment=SECRETS["comment"], **more
        )
        part = blobs.new_part()
        part.write_bytes(content)
        photo = actions.photo_store(
            photo=Photo.objects.get(id=told["id"]),
            part=part, sha256=told["sha256"], size=told["size"],
        )  # fmt: skip
        for which in ("preview", "display", "thumb"):
            blobs.write(blobs.copy_name(photo.id, which), builders.jpeg(1))
        actions.photo_developed(photo_id=photo.id, width=160, height=120, dhash="0", doubts=[])
        return ident

    def _work(self) -> None:
        plain = self.reports["plain"]
        self.change("plain", comment_hq=SECRETS["hq"])
        self.change("rejected", status="rejected", reason=SECRETS["hq"])
        self.change("released", release="public", public_text="通れません")
        for kind in ("note", "question"):
            actions.note_add(report_id=plain, kind=kind, text=SECRETS["hq"], by=self.hq)
        actions.report_erase(report_id=self.reports["erased"], by=self.hq)
        self.broadcast, _ = trunk.broadcast_create(
            incident=self.incident, kind="withdraw", text=SECRETS["crews"], by=self.hq
        )

        self.export = actions.export_create(
            incident=self.incident, kind="zip", filters={}, photos="display", language="ja",
            by=self.hq,
        )  # fmt: skip
        exports.make(self.export.id)

    def change(self, name: str, **edit: Any) -> None:
        seen = Report.objects.get(id=self.reports[name]).version
        ident = self.reports[name]
        actions.report_change(report_id=ident, edit=HqEdit(**edit), seen=seen, by=self.hq)

    def _layers(self) -> None:
        by = access.caller_from_user(Membership.objects.get(organisation=self.neighbour).user_id)
        self.layers = {}
        for audience in ("public", "partner", "hq", "draft"):
            layer = layer_actions.layer_create(
                slug=f"layer-{audience}", title=audience, kind="shelter", by=by,
                publisher=self.neighbour, incident=self.incident,
                audience="public" if audience == "draft" else audience,
            )  # fmt: skip
            self.layers[audience] = layer
            if audience != "draft":
                layer_builders.publish(layer, by, [layer_builders.spot("a")])

    def named(self, name: str) -> uuid.UUID:
        """The report of that name; `own-of-<role>` is the one this role sent."""
        owner = name.removeprefix("own-of-")
        return self.own[owner] if owner != name else self.reports[name]

    def photo(self, report: uuid.UUID) -> str:
        return str(Photo.objects.get(report_id=report).id)

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """What is done inside is taken back, cookies too: one route signs a phone out."""
        cookies = {name: dict(client.cookies) for name, client in self.clients.items()}
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        for name, client in self.clients.items():
            client.cookies.clear()
            client.cookies.update(cookies[name])


@pytest.fixture
def world(db: None) -> World:
    return World()
