"""The only writers of layers: keyword-only, one transaction each, named <entity>_<verb>."""

from __future__ import annotations

from layers.actions.edit import edit_undo, feature_add, feature_change, feature_withdraw
from layers.actions.layer import layer_change, layer_create, layer_restore, layer_withdraw
from layers.actions.link import link_create, link_withdraw
from layers.actions.loading import (
    version_fill,
    version_load,
    version_progress,
    version_receive,
    version_refuse,
)
from layers.actions.resuming import being_read, file_discard, version_resume
from layers.actions.situation import situation_receive
from layers.actions.state import state_set
from layers.actions.version import layer_rollback, version_publish

__all__ = [
    "being_read",
    "edit_undo",
    "feature_add",
    "feature_change",
    "feature_withdraw",
    "file_discard",
    "layer_change",
    "layer_create",
    "layer_restore",
    "layer_rollback",
    "layer_withdraw",
    "link_create",
    "link_withdraw",
    "situation_receive",
    "state_set",
    "version_fill",
    "version_load",
    "version_progress",
    "version_publish",
    "version_receive",
    "version_refuse",
    "version_resume",
]
