"""The only writers of reports: keyword-only, one transaction each, named <entity>_<verb>."""

from __future__ import annotations

from reports.actions.author import report_amend
from reports.actions.bulk import reports_change, reports_undo
from reports.actions.claims import claim_end, claim_set, claims_expire
from reports.actions.context import contexts_take
from reports.actions.desk import (
    note_add,
    report_accept,
    report_change,
    report_merge,
    report_undo,
)
from reports.actions.duplicates import report_confuse, report_distinguish, report_unmerge
from reports.actions.enter import report_enter
from reports.actions.erase import report_erase
from reports.actions.exports import (
    export_begin,
    export_cancel,
    export_create,
    export_fail,
    export_finish,
    export_opened,
    export_originals_taken,
    export_progress,
    exports_expire,
)
from reports.actions.intake import report_receive
from reports.actions.log import log_write
from reports.actions.looks import incident_looked, reports_seen
from reports.actions.originals import original_discard, original_purge
from reports.actions.photos import (
    announced,
    original_opened,
    photo_developed,
    photo_share,
    photo_store,
    photo_unreadable,
    preview_store,
)
from reports.actions.release import (
    public_copies_expire,
    public_copy_make,
    rule_apply,
    rule_save,
    rule_switch,
)
from reports.actions.saved_views import view_remove, view_save
from reports.actions.situation_report import situation_report_issue
from reports.actions.uploads import (
    photos_redevelop,
    upload_end,
    upload_finish,
    upload_open,
    uploads_expire,
)

__all__ = [
    "announced",
    "claim_end",
    "claim_set",
    "claims_expire",
    "contexts_take",
    "export_begin",
    "export_cancel",
    "export_create",
    "export_fail",
    "export_finish",
    "export_opened",
    "export_originals_taken",
    "export_progress",
    "exports_expire",
    "incident_looked",
    "log_write",
    "note_add",
    "original_discard",
    "original_opened",
    "original_purge",
    "photo_developed",
    "photo_share",
    "photo_store",
    "photo_unreadable",
    "photos_redevelop",
    "preview_store",
    "public_copies_expire",
    "public_copy_make",
    "report_accept",
    "report_amend",
    "report_change",
    "report_confuse",
    "report_distinguish",
    "report_enter",
    "report_erase",
    "report_merge",
    "report_receive",
    "report_undo",
    "report_unmerge",
    "reports_change",
    "reports_seen",
    "reports_undo",
    "rule_apply",
    "rule_save",
    "rule_switch",
    "situation_report_issue",
    "upload_end",
    "upload_finish",
    "upload_open",
    "uploads_expire",
    "view_remove",
    "view_save",
]
