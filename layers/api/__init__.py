"""Layers over HTTP (DESIGN 4.3): thin handlers over layers.actions and layers.queries."""

from __future__ import annotations

from ninja import Router

from layers.api.edits import router as features
from layers.api.layers import router as layers
from layers.api.links import router as links
from layers.api.versions import router as versions

router = Router(tags=["layers"])
for part in (layers, versions, features, links):
    router.add_router("", part)
