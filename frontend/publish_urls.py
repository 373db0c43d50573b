"""Addresses below `/publish/`: file side (desk, new layer, file, history, about) and place side."""

from __future__ import annotations

from django.urls import path

from frontend.views.publish import (
    about,
    desk,
    file,
    history,
    layer_new,
    links,
    place,
    place_edits,
    place_new,
    places,
    version,
)

urlpatterns = [
    path("", desk.desk, name="publish"),
    path("new/", layer_new.layer_new, name="publish_new"),
    path("links/", links.links, name="publish_links"),
    path("links/<uuid:link_id>/withdraw/", links.link_withdraw, name="publish_link_withdraw"),
    path("<slug:slug>/", places.places, name="publish_layer"),
    path("<slug:slug>/file/", file.file, name="publish_file"),
    path("<slug:slug>/history/", history.history, name="publish_history"),
    path("<slug:slug>/history/rollback/", history.rollback, name="publish_rollback"),
    path("<slug:slug>/about/", about.about, name="publish_about"),
    path("<slug:slug>/about/withdraw/", about.withdraw, name="publish_withdraw"),
    path("<slug:slug>/about/restore/", about.restore, name="publish_restore"),
    path("<slug:slug>/versions/<int:number>/", version.version, name="publish_version"),
    path(
        "<slug:slug>/versions/<int:number>/publish/",
        version.publish,
        name="publish_version_publish",
    ),
    path("<slug:slug>/versions/<int:number>/read/", version.read, name="publish_version_read"),
    path("<slug:slug>/states/", places.states, name="publish_states"),
    path("<slug:slug>/add/", place_new.place_new, name="publish_place_new"),
    path("<slug:slug>/edits/<int:edit_id>/undo/", place_edits.edit_undo, name="publish_edit_undo"),
    # last: a feature's id may be anything
    path("<slug:slug>/places/<path:feature_id>/", place.place, name="publish_place"),
]
