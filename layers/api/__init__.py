"""Layers over HTTP (DESIGN 4.3): thin handlers over layers.actions and layers.queries."""

from __future__ import annotations

from ninja import Router

from layers.api.features import router as features
from layers.api.layers import router as layers
from layers.api.versions import router as versions

router = Router(tags=["layers"])
for part in (layers, versions, features):
    router.add_router("", part)
