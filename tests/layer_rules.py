"""Rules of the random machine: what a neighbour publishes, corrects, and what crews find there."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from layers import actions as layering
from layers import files
from layers.findings import Findings
from layers.models import FeatureEdit, LayerVersion
from layers.payload import SituationIn
from layers.reading import Reading, batches
from tests.acting import Acting
from tests.layer_builders import publish, spot

STATES = st.sampled_from(["open", "closed", "not_open", "unknown"])
PLACES = st.sampled_from(["a", "b", "c"])
LON = st.sampled_from([130.7, 130.75, 130.8])


class LayerRules(Acting):
    @rule(rows=st.lists(PLACES, min_size=1, max_size=3, unique=True), lon=LON)
    def a_file_is_published(self, rows: list[str], lon: float) -> None:
        given = [spot(ident, lon + 0.001 * at) for at, ident in enumerate(rows)]
        now = datetime.now(UTC)
        self.attempt(publish, layer=self.layer, by=self.publisher, features=given, yes=True,
                     now=now, source_as_of=now)  # fmt: skip

    @rule(ident=PLACES, operation=STATES)
    def a_state_is_said(self, ident: str, operation: str) -> None:
        self.attempt(
            layering.state_set, layer=self.layer, feature_id=ident,
            values={"operation": operation}, source_as_of=None, by=self.publisher,
        )  # fmt: skip

    @rule(ident=PLACES, away=st.booleans())
    def a_hand_corrects_a_place(self, ident: str, away: bool) -> None:
        given: dict[str, Any] = {"layer": self.layer, "feature_id": ident, "by": self.publisher}
        if away:
            self.attempt(layering.feature_withdraw, **given)
        else:
            self.attempt(layering.feature_change, values={"name": "東小学校"}, state={},
                         source_as_of=None, **given)  # fmt: skip

    @rule()
    def a_layer_goes_back_a_version(self) -> None:
        self.attempt(layering.layer_rollback, layer=self.layer, by=self.publisher)

    @rule(audience=st.sampled_from(["public", "partner", "hq"]))
    def a_layer_is_for_others(self, audience: str) -> None:
        self.attempt(layering.layer_change, layer=self.layer, by=self.publisher, audience=audience)

    @rule(back=st.booleans())
    def a_layer_is_taken_away_or_put_back(self, back: bool) -> None:
        act = layering.layer_restore if back else layering.layer_withdraw
        self.attempt(act, layer=self.layer, by=self.publisher)

    @rule(ident=PLACES, operation=st.sampled_from(["open", "closed"]))
    def a_crew_finds_a_place_so(self, ident: str, operation: str) -> None:
        body = SituationIn(
            incident=self.incident.slug, layer=self.layer.slug, feature=ident,
            captured_at=datetime.now(UTC).isoformat(), operation=operation,
        )  # fmt: skip
        self.attempt(layering.situation_receive, situation_id=uuid.uuid4(), body=body, by=self.crew)

    @rule(lon=LON)
    def a_hand_adds_a_place(self, lon: float) -> None:
        values = {"name": "公民館", "geometry": {"type": "Point", "coordinates": [lon, 32.79]}}
        self.attempt(layering.feature_add, layer=self.layer, values=values, state={},
                     source_as_of=None, by=self.publisher)  # fmt: skip

    @rule()
    def a_correction_is_taken_back(self) -> None:
        last = FeatureEdit.objects.filter(layer=self.layer).order_by("-id").first()
        if last:
            self.attempt(layering.edit_undo, layer=self.layer, edit_id=last.id, by=self.publisher)

    @rule(rows=st.lists(PLACES, min_size=1, max_size=3, unique=True), readable=st.booleans())
    def a_file_is_sent_and_read(self, rows: list[str], readable: bool) -> None:
        """As the worker reads it, but out of no file."""
        version = self.sent()
        layering.version_progress(version_id=version.id, progress={"rows": 1})
        if not readable:
            found = Findings()
            found.add(None, "", "refused", "file_gone")
            layering.version_refuse(version=version, finding=found.items[0], by=self.publisher)
            return

        def read(write: Any) -> Reading:
            reading = Reading(version.layer)
            for batch in batches(spot(ident) for ident in rows):
                write(reading.take(batch))
            write(reading.rest())
            return reading

        layering.version_fill(version=version, read=read, by=self.publisher, publish=True)

    def sent(self) -> LayerVersion:
        return layering.version_receive(
            layer=self.layer, kept=files.keep(b"x"), filename="f.csv", asked={"publish": True},
            source_as_of=None, by=self.publisher,
        )  # fmt: skip
