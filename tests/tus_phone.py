"""A phone that speaks tus by hand, and what its tests look at."""

from __future__ import annotations

import base64
import hashlib
import uuid

import httpx

from reports import parts
from tests import builders

UPLOADS = "/api/v1/uploads/"


class Phone:
    """A device that speaks tus by hand."""

    def __init__(self, server: str, incident=None) -> None:
        self.incident = incident or builders.make_incident()
        self.caller, token = builders.device(self.incident)
        headers = {**builders.bearer(token), "Tus-Resumable": "1.0.0"}
        self.http = httpx.Client(base_url=server, headers=headers, timeout=60)

    def announce(self, content: bytes) -> str:
        photo = builders.announce(content)
        body = builders.report_body(self.incident, photos=[photo])
        assert self.http.put(f"/api/v1/reports/{uuid.uuid4()}", json=body).status_code == 201
        return photo["id"]

    def create(self, photo: str, length: int, **headers: str) -> httpx.Response:
        encoded = base64.b64encode(photo.encode()).decode()
        told = {"Upload-Length": str(length), "Upload-Metadata": f"filename eA==,photo {encoded}"}
        return self.http.post(UPLOADS, headers=told | headers)

    def start(self, content: bytes) -> tuple[str, str]:
        """(photo id, address of a new upload)"""
        photo = self.announce(content)
        answer = self.create(photo, len(content))
        assert answer.status_code == 201, answer.text
        return photo, answer.headers["location"]

    def patch(self, url: str, offset: int, content: bytes, **headers: str) -> httpx.Response:
        told = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.http.patch(url, content=content, headers=told | headers)

    def offset(self, url: str) -> int:
        answer = self.http.head(url)
        assert answer.status_code == 200, answer
        return int(answer.headers["upload-offset"])

    def receipt(self, photo: str) -> dict:
        return self.http.get(f"/api/v1/photos/{photo}").json()


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["tus-resumable"] == "1.0.0"
    return answer.status_code, answer.json()["code"]


def checksum(kind: str, content: bytes) -> dict[str, str]:
    digest = hashlib.new(kind, content).digest()
    return {"Upload-Checksum": f"{kind} {base64.b64encode(digest).decode()}"}


def left_over() -> list[str]:
    return [entry.name for entry in parts.entries()]
