"""Small makers of layers and their features, and a reader of vector tiles."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyogrio

from gspace import access
from gspace.access import Caller
from gspace.models import Incident, Organisation
from layers import actions, intake, tasks
from layers.models import Layer, LayerVersion
from tests import builders

TEN = datetime(2016, 4, 16, 10, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
NOON = TEN + timedelta(hours=2)


def publisher(organisation: Organisation | None = None) -> tuple[Caller, Organisation]:
    """Kita: the publisher of a neighbouring city."""
    organisation = organisation or builders.make_organisation()
    user = builders.make_user(organisation, "publisher")
    return access.caller_from_user(user.id), organisation


def make_layer(
    incident: Incident | None, *, kind: str = "shelter", slug: str = "", **more: Any
) -> tuple[Layer, Caller]:
    """A layer without data, and its publisher."""
    by, organisation = publisher()
    slug = slug or f"layer-{next(builders.count)}"
    layer = actions.layer_create(
        slug=slug, title=slug, kind=kind, publisher=organisation, incident=incident, by=by, **more
    )
    return layer, by


def spot(
    ident: Any, lon: float = 130.75, lat: float = 32.79, *, state: Any = None, **more: Any
) -> dict[str, Any]:
    """A point as a GeoJSON feature."""
    properties = {"name": f"避難所 {ident}", **more}
    if state is not None:
        properties["state"] = state
    found = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": properties,
    }
    return found | ({"id": ident} if ident is not None else {})


def publish(
    layer: Layer, by: Caller, features: list[dict], *, yes: bool = False, **more: Any
) -> LayerVersion:
    """Load a version as of 10:00 and publish it, unless `more` says otherwise.

    yes: whatever would hold it back, a person has looked.
    """
    given = {"filename": "f.geojson", "raw": None, "source_as_of": TEN, "now": TEN, **more}
    version = actions.version_load(layer=layer, features=features, by=by, **given)
    if yes and version.state == "quarantined":
        now = given["now"]
        return actions.version_publish(layer=layer, number=version.number, by=by, now=now)
    return version


def published_layer(
    incident: Incident | None, features: list[dict] | None = None, **more: Any
) -> tuple[Layer, Caller]:
    layer, by = make_layer(incident, **more)
    publish(layer, by, features or [spot("a", state={"operation": "open"}), spot("b", 130.76)])
    layer.refresh_from_db()
    return layer, by


def send(layer: Layer, by: Caller, raw: bytes, **more: Any) -> LayerVersion:
    """A file that has arrived and waits for the reader."""
    given = {"filename": "f.csv", "publish": True, "source_as_of": TEN, "crs": "", **more}
    return intake.take(layer=layer, raw=raw, by=by, **given)


def read_files() -> None:
    """What the reader process does: read every file that waits, in this test's own transaction."""
    for ident in LayerVersion.objects.filter(state="reading").values_list("id", flat=True):
        tasks.version_read.call(ident)


def read_tile(content: bytes, z: int, x: int, y: int) -> dict[str, list[dict[str, Any]]]:
    """MVT layer -> attributes of its features, as GDAL (not PostGIS) reads them."""
    if not content:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tile.mvt"
        file.write_bytes(content)
        names = [str(name) for name, _ in pyogrio.list_layers(file)]
        return {name: _rows(file, name, z, x, y) for name in names}


def _rows(file: Path, name: str, z: int, x: int, y: int) -> list[dict[str, Any]]:
    meta, _, shapes, columns = pyogrio.raw.read(file, layer=name, X=str(x), Y=str(y), Z=str(z))
    rows = zip(*columns, strict=True) if len(columns) else [() for _ in shapes]
    return [
        dict(zip(meta["fields"], row, strict=True)) | {"wkb": bytes(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    ]
