"""Server pages in やさしい日本語 show readings above the kanji, never the notation itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from frontend.ruby_pages import with_readings
from gspace import access
from tests import builders

pytestmark = pytest.mark.django_db


def test_text_gets_ruby_and_attributes_get_none() -> None:
    html = '<p title="本部《ほんぶ》">本部《ほんぶ》です</p><title>写真《しゃしん》</title>'
    assert with_readings(html) == (
        '<p title="本部"><ruby>本部<rp>(</rp><rt>ほんぶ</rt><rp>)</rp></ruby>です</p>'
        "<title>写真</title>"
    )


def test_data_for_scripts_keeps_the_notation() -> None:
    html = '<script type="application/json">{"a":"写真《しゃしん》"}</script>'
    assert with_readings(html) == html


@pytest.mark.parametrize("path", ["/m/", "/m/form/", "/m/join/x", "/i/flood-1/", "/"])
def test_no_page_shows_the_notation(path: str) -> None:
    incident = builders.make_incident("flood-1")
    client = Client(HTTP_ACCEPT_LANGUAGE="ja-simple")
    client.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    page = client.get(path).content.decode()
    shown = re.sub(r"(?s)<script.*?</script>", "", page)
    assert "《" not in shown
    if path == "/m/form/":
        assert "<ruby>" in shown


def test_the_length_told_is_that_of_the_page_with_its_readings() -> None:
    builders.make_incident("flood-1")
    answer = Client(HTTP_ACCEPT_LANGUAGE="ja-simple").get("/i/flood-1/")
    assert "<ruby>" in answer.content.decode()
    assert int(answer["Content-Length"]) == len(answer.content)
