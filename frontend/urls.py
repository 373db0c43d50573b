"""Addresses of the pages (DESIGN 4.2)."""

from __future__ import annotations

from django.urls import path

from frontend.views.desk import desk
from frontend.views.incidents import incidents
from frontend.views.phone import join, phone, sent
from frontend.views.public import public

urlpatterns = [
    path("", incidents, name="incidents"),
    path("i/<slug:slug>/", public, name="public"),
    path("hq/<slug:slug>/", desk, name="hq"),
    path("m/", phone, name="phone"),
    path("m/sent/<uuid:report_id>/", sent, name="phone_sent"),
    path("m/join/<str:code>", join, name="join"),
]
