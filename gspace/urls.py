"""The composition root of addresses."""

from __future__ import annotations

urlpatterns = []
