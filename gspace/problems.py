"""Every error a user can meet, once: code -> (HTTP status, English text for gettext).

Answers are `application/problem+json` (RFC 9457) with a stable `code`; `field` names the field
at fault where there is one.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

CATALOGUE: dict[str, tuple[int, str]] = {
    # who
    "not_signed_in": (401, _("Sign in or send a bearer token.")),
    "token_invalid": (401, _("This token is unknown or has been revoked.")),
    "csrf_failed": (403, _("The CSRF token is missing or wrong. Reload the page.")),
    "not_allowed": (403, _("Your role does not allow this.")),
    "invite_invalid": (404, _("This invitation is unknown, used up or expired.")),
    # what
    "not_found": (404, _("Not found.")),
    "incident_unknown": (404, _("There is no such incident.")),
    "incident_closed": (409, _("This incident is closed.")),
    "report_unknown": (404, _("There is no such report.")),
    "report_differs": (409, _("A report with this id was already received with other content.")),
    "report_erased": (410, _("This report has been erased.")),
    "report_settled": (409, _("This report is settled; only headquarters can change it now.")),
    "edit_differs": (409, _("An edit with this id was already received with other content.")),
    "photo_unknown": (404, _("No report of this device has announced this photo.")),
    "photo_differs": (409, _("Other bytes are already stored for this photo.")),
    "photo_taken": (409, _("This photo id already belongs to another report.")),
    "photo_not_ready": (404, _("This copy of the photo does not exist yet.")),
    "rule_unknown": (404, _("There is no such rule.")),
    "rule_off": (409, _("This rule is switched off.")),
    "digest_missing": (422, _("Repr-Digest with a sha-256 value is required.")),
    "digest_mismatch": (422, _("The bytes do not have the announced SHA-256.")),
    "size_mismatch": (422, _("The number of bytes is not the announced one.")),
    "upload_unknown": (404, _("There is no such upload (any more): start a new one.")),
    "upload_offset": (409, _("This upload is at another offset: ask for it with HEAD.")),
    "upload_locked": (423, _("Another request is sending this upload.")),
    "upload_version": (412, _("Send Tus-Resumable: 1.0.0.")),
    "upload_type": (415, _("Send Content-Type: application/offset+octet-stream.")),
    "checksum_unknown": (400, _("Upload-Checksum takes sha1 or sha256 and a base64 value.")),
    "checksum_mismatch": (460, _("These bytes do not have the checksum that came with them.")),
    "preview_refused": (422, _("This preview cannot be used; the original will do.")),
    "broadcast_unknown": (404, _("There is no such broadcast.")),
    "broadcast_differs": (409, _("A broadcast with this id says something else.")),
    "view_unknown": (404, _("There is no such saved view.")),
    "views_full": (409, _("You keep as many views as there may be. Remove one first.")),
    "log_unknown": (404, _("There is no such entry in the log.")),
    "log_differs": (409, _("An entry with this id says something else.")),
    "log_corrected": (409, _("This entry has been corrected already. Correct the newest one.")),
    "export_unknown": (404, _("There is no such export.")),
    "export_not_ready": (409, _("This export has no file yet.")),
    "export_gone": (410, _("The file of this export is gone. Make it again.")),
    "exports_waiting": (429, _("Too many exports are being made. Wait for one of them.")),
    "layer_unknown": (404, _("There is no such layer.")),
    "layer_exists": (409, _("A layer with this slug exists already.")),
    "version_unknown": (404, _("There is no such version.")),
    "version_not_ready": (409, _("This version cannot be published.")),
    "feature_unknown": (404, _("There is no such feature.")),
    "edit_unknown": (404, _("There is no such edit.")),
    "edit_overtaken": (409, _("This has been changed again since, or is taken back already.")),
    "link_unknown": (404, _("There is no such link.")),
    "file_unknown": (404, _("The bytes of this version are not kept.")),
    "situation_report_unknown": (404, _("There is no situation report of this number.")),
    "pdf_missing": (501, _("This service cannot make PDF. Print the page from the browser.")),
    "situation_unknown": (404, _("There is no such situation.")),
    "situation_differs": (
        409,
        _("A situation with this id was already received with other content."),
    ),
    # how
    "invalid": (422, _("The request is not valid.")),
    "method_unknown": (405, _("This address does not take this method.")),
    "time_without_offset": (422, _("A time needs an offset such as +09:00.")),
    "if_match_missing": (428, _("Send If-Match with the version you have seen.")),
    "version_stale": (412, _("Somebody changed this report in the meantime.")),
    "transition_invalid": (409, _("This step is not possible from the current status.")),
    "too_large": (413, _("The body is too large.")),
    "too_slow": (408, _("The body took too long to arrive.")),
    "failed": (500, _("The service failed. What it has acknowledged is stored. Try again later.")),
    "too_many_tries": (429, _("Too many tries. Wait a few minutes and try again.")),
    "busy": (503, _("The service is busy. Try again shortly.")),
    "disk_full": (507, _("The disk is nearly full: photos wait, reports are still accepted.")),
}


class Problem(Exception):
    """A refusal with a code of CATALOGUE; extra members go into the answer as they are."""

    def __init__(self, code: str, detail: str = "", *, field: str | None = None, **more: Any):
        super().__init__(code, detail)
        self.code, self.detail, self.field, self.more = code, detail, field, more
        self.status = CATALOGUE[code][0]

    def body(self) -> dict[str, Any]:
        title = gettext(CATALOGUE[self.code][1])
        found = {
            "type": f"/api/v1/docs#problem-{self.code}",
            "title": title,
            "status": self.status,
            "code": self.code,
            # a sentence that the catalogue knows is marked with gettext_noop where it is raised
            "detail": gettext(self.detail) if self.detail else title,
        }
        return found | ({"field": self.field} if self.field else {}) | self.more

    def response(self) -> HttpResponse:
        answer = HttpResponse(
            json.dumps(self.body(), ensure_ascii=False, default=str),
            status=self.status,
            content_type="application/problem+json",
        )
        answer["Cache-Control"] = "no-store"
        if self.status == 401:
            answer["WWW-Authenticate"] = "Bearer"
        if self.status in (503, 507):
            answer["Retry-After"] = "10"
        if "retry_after_s" in self.more:
            answer["Retry-After"] = str(self.more["retry_after_s"])
        return answer
