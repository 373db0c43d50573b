"""Addresses of the pages (DESIGN 4.2)."""

from __future__ import annotations

from django.urls import path

from frontend.views.desk import desk
from frontend.views.devices import device_revoke, devices, invite_revoke
from frontend.views.incidents import incidents
from frontend.views.join import join
from frontend.views.phone import phone, sent
from frontend.views.public import public

urlpatterns = [
    path("", incidents, name="incidents"),
    path("i/<slug:slug>/", public, name="public"),
    path("hq/<slug:slug>/", desk, name="hq"),
    path("hq/<slug:slug>/devices/", devices, name="devices"),
    path(
        "hq/<slug:slug>/devices/invites/<int:invite_id>/revoke/",
        invite_revoke,
        name="invite_revoke",
    ),
    path(
        "hq/<slug:slug>/devices/<uuid:device_id>/revoke/",
        device_revoke,
        name="device_revoke",
    ),
    path("m/", phone, name="phone"),
    path("m/sent/<uuid:report_id>/", sent, name="phone_sent"),
    path("m/join/<str:code>", join, name="join"),
    # typed by hand from a sheet of paper
    path("m/join/<str:code>/", join),
]
