"""Addresses of the pages (DESIGN 4.2)."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from frontend.views import phone_app
from frontend.views.broadcasts import broadcast_withdraw, broadcasts
from frontend.views.desk import desk
from frontend.views.devices import device_revoke, devices, invite_revoke
from frontend.views.exports import export_cancel, exports
from frontend.views.facilities import facilities
from frontend.views.incidents import incidents
from frontend.views.join import join
from frontend.views.log import handover, log_page
from frontend.views.numbers import numbers_page
from frontend.views.phone import phone_form, sent
from frontend.views.release_rules import release_apply, release_rules
from frontend.views.shelters import shelters
from frontend.views.situation import paper, paper_pdf, situation, wallmap
from frontend.views.wall import wall


class AppScreen(StringConverter):
    """The app's own addresses below /m/; a facility's identifier may be anything."""

    regex = (
        r"(?:list|map|shelter|notices|outbox|settings|rules"
        r"|(?:report|draft|place|broadcast)/[^/]+|shelter/[^/]+/.+?)/?"
    )


register_converter(AppScreen, "screen")

urlpatterns = [
    path("", incidents, name="incidents"),
    path("i/", include("frontend.public_urls")),
    path("hq/<slug:slug>/", desk, name="hq"),
    path("hq/<slug:slug>/broadcasts/", broadcasts, name="broadcasts"),
    path(
        "hq/<slug:slug>/broadcasts/<uuid:broadcast_id>/withdraw/",
        broadcast_withdraw,
        name="broadcast_withdraw",
    ),
    path("hq/<slug:slug>/exports/", exports, name="exports"),
    path(
        "hq/<slug:slug>/exports/<uuid:export_id>/cancel/",
        export_cancel,
        name="export_cancel",
    ),
    path("hq/<slug:slug>/numbers/", numbers_page, name="numbers"),
    path("hq/<slug:slug>/situation/", situation, name="situation"),
    path("hq/<slug:slug>/situation/<int:number>/", paper, name="situation_paper"),
    path("hq/<slug:slug>/situation/<int:number>/report.pdf", paper_pdf, name="situation_pdf"),
    path("hq/<slug:slug>/wallmap/", wallmap, name="wallmap"),
    path("hq/<slug:slug>/wall/", wall, name="wall"),
    path("hq/<slug:slug>/facilities/", facilities, name="facilities"),
    path("hq/<slug:slug>/shelters/", shelters, name="shelters"),
    path("hq/<slug:slug>/release/", release_rules, name="release_rules"),
    path(
        "hq/<slug:slug>/release/<str:category>/<str:status>/apply/",
        release_apply,
        name="release_apply",
    ),
    path("hq/<slug:slug>/log/", log_page, name="log"),
    path("hq/<slug:slug>/log/handover/", handover, name="log_handover"),
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
    path("publish/", include("frontend.publish_urls")),
    path("m/", phone_app.shell, name="phone"),
    path("m/sw.js", phone_app.worker, name="phone_worker"),
    path("m/manifest.webmanifest", phone_app.manifest, name="phone_manifest"),
    path("m/icon-<int:size>.png", phone_app.icon, name="phone_icon"),
    path("m/words/<slug:language>.json", phone_app.words, name="phone_words"),
    path("m/<screen:screen>", phone_app.shell),
    path("m/form/", phone_form, name="phone_form"),
    path("m/sent/<uuid:report_id>/", sent, name="phone_sent"),
    path("m/join/<str:code>", join, name="join"),
    # typed by hand from a sheet of paper
    path("m/join/<str:code>/", join),
]
