"""`/publish/`: a layer is described once, its file is dropped, looked at, published, rolled back.

Everything here goes without JavaScript: plain forms and plain pages.
"""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gspace import access
from gspace.models import Incident, Organisation
from layers.models import Layer, LayerVersion
from tests import builders, layer_builders
from tests.layer_builders import read_files

pytestmark = pytest.mark.django_db
CSV = """名称,住所,緯度,経度,収容人数
東小学校,熊本県熊本市東区健軍1-1,32.7898,130.7521,300
西小学校,熊本県熊本市西区春日1-1,130.6889,32.7901,200
南小学校,熊本県熊本市南区平成1-1,,,150
"""


@pytest.fixture
def incident() -> Incident:
    return builders.make_incident("quake", centre=None)


@pytest.fixture
def kita() -> Organisation:
    return builders.make_organisation("kita")


def signed_in(organisation: Organisation, role: str = "publisher") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(builders.make_user(organisation, role))
    return client


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def described(incident: Incident | None, **more: Any) -> dict[str, Any]:
    """What a browser sends of the form of a new layer."""
    made_for = incident.pk if incident else ""
    return {"kind": "shelter", "title": "熊本市の避難所", "incident": made_for,
            "licence": "CC BY 4.0", "reuse": "yes", "audience": "public", **more}  # fmt: skip


def make(client: Client, incident: Incident | None, **more: Any) -> Layer:
    answer = client.post("/publish/new/", described(incident, **more))
    assert answer.status_code == 302, text_of(answer)
    return Layer.objects.latest("id")


def drop(client: Client, layer: Layer, content: bytes, name: str = "避難所.csv") -> str:
    """Send a file by the plain form; the address of its version."""
    sent = SimpleUploadedFile(name, content)
    answer = client.post(f"/publish/{layer.slug}/file/", {"file": sent})
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def published(client: Client, layer: Layer, content: str) -> LayerVersion:
    address = drop(client, layer, content.encode())
    read_files()
    answer = client.post(f"{address}publish/")
    assert answer.status_code == 302, text_of(answer)
    return layer.versions.latest("number")


def test_what_describes_a_layer_is_asked_once(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    assert "Make the first layer" in text_of(client.get("/publish/"))
    layer = make(
        client, incident, source_name="熊本市", source_url="https://example.jp/a",
        coverage="熊本県熊本市の指定避難所", refresh_s="3600", title_en="Shelters in Kumamoto",
    )  # fmt: skip
    assert (layer.slug, layer.kind, layer.publisher) == ("kita-shelter", "shelter", kita)
    assert (layer.incident, layer.source_name, layer.attribution) == (incident, "熊本市", "熊本市")
    assert (layer.licence, layer.reuse, layer.refresh_s) == ("CC BY 4.0", True, 3600)
    assert "Shelters in Kumamoto" in text_of(client.get("/publish/"))


def test_a_second_layer_of_the_kind_gets_a_name_of_its_own(
    incident: Incident, kita: Organisation
) -> None:
    client = signed_in(kita)
    assert [make(client, one).slug for one in (incident, None)] == [
        "kita-shelter",
        "kita-shelter-2",
    ]
    assert Layer.objects.latest("id").incident is None


@pytest.mark.parametrize(
    "wrong",
    [{"kind": ""}, {"kind": "castle"}, {"title": " "}, {"slug": "Not A Slug"}, {"slug": "new"},
     {"licence": "other"}, {"source_url": "javascript:alert(1)"}, {"refresh_s": "7"},
     {"audience": "nobody"}, {"title": "a\x00b"}],
)  # fmt: skip
def test_what_makes_no_sense_makes_no_layer(
    incident: Incident, kita: Organisation, wrong: dict
) -> None:
    client = signed_in(kita)
    sent = described(incident, coverage="中央区のみ") | wrong
    answer = client.post("/publish/new/", sent)
    assert answer.status_code == 422
    assert "Nothing was made yet" in text_of(answer) and "中央区のみ" in text_of(answer)
    assert not Layer.objects.exists()


def test_people_of_several_organisations_say_for_whom(incident: Incident) -> None:
    one, two = builders.make_organisation("one"), builders.make_organisation("two")
    client = signed_in(one)
    user = builders.Membership.objects.get(organisation=one).user
    builders.Membership.objects.create(user=user, organisation=two, role="publisher")
    elsewhere = builders.make_organisation("elsewhere")
    assert 'name="publisher"' in text_of(client.get("/publish/new/"))
    wrong = client.post("/publish/new/", described(incident, publisher=elsewhere.pk))
    assert wrong.status_code == 422 and not Layer.objects.exists()
    assert make(client, incident, publisher=two.pk).publisher == two


def test_a_file_is_looked_at_before_it_is_public(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    address = drop(client, layer, CSV.encode("cp932"))
    waiting = text_of(client.get(address))
    assert "Your file is being read" in waiting and 'http-equiv="refresh"' in waiting
    assert "Is being read" in text_of(client.get("/publish/"))
    read_files()
    page = text_of(client.get(address))
    assert "Shift_JIS" in page and "避難所.csv" in page
    assert re.search(r"<strong>3</strong>\s*places", page)
    assert re.search(r'data-level="repaired" data-row="3"', page), "the swapped row, as it counts"
    assert "stand in each other's place" in page
    assert "Publish 3 places" in page and "Everybody sees them at once" in page
    layer.refresh_from_db()
    assert layer.published is None
    answer = client.post(f"{address}publish/", follow=True)
    assert answer.redirect_chain[-1][0] == f"/publish/{layer.slug}/?only=placeless"
    assert "1 still needs a place" in text_of(answer)
    layer.refresh_from_db()
    assert layer.published is not None and layer.published.feature_count == 3


def test_findings_are_filtered_by_level(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    address = drop(client, layer, CSV.encode())
    read_files()
    rows = re.findall(r'<tr data-level="(\w+)"[^>]*?( hidden)?>', text_of(client.get(address)))
    assert {level for level, _ in rows} >= {"repaired", "doubted"}
    assert not any(hidden for _, hidden in rows)
    page = text_of(client.get(f"{address}?level=repaired"))
    rows = re.findall(r'<tr data-level="(\w+)"[^>]*?( hidden)?>', page)
    assert all((level == "repaired") != bool(hidden) for level, hidden in rows)


def test_a_pasted_table_is_a_file(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    table = CSV.replace(",", "\t")
    answer = client.post(f"/publish/{layer.slug}/file/", {"table": table})
    assert answer.status_code == 302
    read_files()
    version = layer.versions.get()
    assert (version.filename, version.state, version.feature_count) == ("pasted.tsv", "ready", 3)


def test_the_time_is_meant_as_the_incidents_clock(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    sent = {"table": CSV, "source_as_of": "2016-04-16T09:30"}
    client.post(f"/publish/{layer.slug}/file/", sent)
    as_of = layer.versions.get().source_as_of
    assert as_of is not None and as_of.isoformat() == "2016-04-16T00:30:00+00:00"


def test_what_stands_roughly_and_what_needs_a_place_is_told(
    incident: Incident, kita: Organisation
) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    address = drop(client, layer, (CSV + "どこかの公園,,,,\n").encode())
    read_files()
    page = text_of(client.get(address))
    assert "These need a place" in page and "どこかの公園" in page
    assert re.search(r"<strong>2</strong>\s*without a place", page)
    assert "of them roughly" not in page
    layer.versions.get().features.filter(name="東小学校").update(estimated=True)
    assert re.search(r"<strong>1</strong>\s*of them roughly", text_of(client.get(address)))


def test_nothing_sent_says_so(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    for sent in ({}, {"table": " \n"}, {"file": SimpleUploadedFile("a.csv", b"")}):
        answer = client.post(f"/publish/{layer.slug}/file/", sent)
        assert answer.status_code == 422
    assert not layer.versions.exists()


def test_a_file_that_is_none_is_refused_with_the_reason(
    incident: Incident, kita: Organisation
) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    address = drop(client, layer, b"%PDF-1.7 nothing here", "list.pdf")
    read_files()
    page = text_of(client.get(address))
    assert "could not be read" in page and "What is public stays as it is" in page
    assert "Publish" not in re.findall(r"<button[^>]*>([^<]*)", page)
    assert "Could not be read" in text_of(client.get("/publish/"))


def test_what_the_file_changes_is_said_in_words(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    published(client, layer, CSV)
    more = CSV.replace("東小学校", "東小学校体育館").replace("300", "350") + (
        "北小学校,熊本県熊本市北区植木1-1,32.9,130.68,90\n"
    )
    address = drop(client, layer, more.encode())
    read_files()
    page = text_of(client.get(address))
    assert "What changes against version 1" in page and "北小学校" in page
    assert "take the place of version 1 (3 places)" in page


def test_a_held_file_asks_and_waits(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    rows = "".join(f"第{n}小学校,熊本県熊本市東区{n},32.79{n},130.75{n},1\n" for n in range(10, 20))
    published(client, layer, CSV.splitlines()[0] + "\n" + rows)
    address = drop(client, layer, CSV.encode())
    read_files()
    page = text_of(client.get(address))
    assert "Please answer first" in page and "I have looked: publish 3 places" in page
    assert "Held: please answer a question" in text_of(client.get("/publish/"))
    layer.refresh_from_db()
    assert layer.published is not None and layer.published.number == 1
    client.post(f"{address}publish/")
    layer.refresh_from_db()
    assert layer.published is not None and layer.published.number == 2


def test_a_file_is_read_again_as_a_person_says(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    odd = (
        "呼び名,ところ,緯度,経度\n"
        "東小,熊本県熊本市東区健軍1-1,32.78,130.75\n西小,熊本県熊本市西区春日1-1,32.79,130.69\n"
    )
    address = drop(client, layer, odd.encode())
    read_files()
    first = layer.versions.get()
    assert first.columns, "the reader says what each column was taken for"
    fields = {f"field-{n}": c["field"] or "" for n, c in enumerate(first.columns)}
    page = text_of(client.get(address))
    assert all(f'name="{name}"' in page for name in fields)
    answer = client.post(f"{address}read/", fields | {"field-0": "name", "field-1": "address"})
    assert answer.status_code == 302 and answer["Location"].endswith("/versions/2/")
    read_files()
    second = layer.versions.get(number=2)
    assert second.raw_sha256 == first.raw_sha256
    assert set(second.features.values_list("name", flat=True)) == {"東小", "西小"}
    wrong = client.post(f"{address}read/", fields | {"field-0": "castle"})
    assert wrong.status_code == 422 and layer.versions.count() == 2


def test_history_rolls_back_to_any_earlier_version(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    for capacity in ("300", "310", "320"):
        published(client, layer, CSV.replace("300", capacity))
    page = text_of(client.get(f"/publish/{layer.slug}/history/"))
    sha = layer.versions.get(number=2).raw_sha256
    assert f'title="{sha}"' in page and f"/api/v1/layers/{layer.slug}/versions/2/file" in page
    back = {"seen": "3", "to": "1"}
    answer = client.post(f"/publish/{layer.slug}/history/rollback/", back, follow=True)
    assert "Version 1 is public again" in text_of(answer)
    layer.refresh_from_db()
    assert layer.published is not None and layer.published.number == 1
    stale = client.post(f"/publish/{layer.slug}/history/rollback/", back)
    assert stale.status_code == 412, "two people do not step back twice"


def test_described_anew_withdrawn_and_put_back(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident)
    about = f"/publish/{layer.slug}/about/"
    assert 'value="熊本市の避難所"' in text_of(client.get(about))
    sent = described(incident, title="熊本市の避難所（全域）", licence="none", reuse="")
    answer = client.post(about, sent, follow=True)
    assert "Saved." in text_of(answer)
    layer.refresh_from_db()
    assert (layer.title, layer.licence, layer.reuse) == ("熊本市の避難所（全域）", "", None)
    assert "on no map any more" in text_of(client.post(f"{about}withdraw/", follow=True))
    layer.refresh_from_db()
    assert layer.withdrawn_at is not None
    client.post(f"{about}restore/")
    layer.refresh_from_db()
    assert layer.withdrawn_at is None


def test_a_licence_of_ones_own_comes_back_as_it_was(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident, licence="other", licence_other="熊本市の利用規約")
    assert layer.licence == "熊本市の利用規約"
    page = text_of(client.get(f"/publish/{layer.slug}/about/"))
    assert 'value="熊本市の利用規約"' in page and re.search(r'value="other" selected', page)


def test_what_a_file_says_is_never_markup(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident, title="<b>題</b>")
    evil = CSV.replace("東小学校", "<script>alert(1)</script>").replace("32.7898", "<i>x</i>")
    address = drop(client, layer, evil.encode(), "<img src=x>.csv")
    read_files()
    for path in (address, "/publish/", f"/publish/{layer.slug}/history/"):
        raw = client.get(path).content.decode()
        for text in ("<script>alert(1)", "<img src=x>", "<i>x</i>", "<b>題"):
            assert text not in raw, path


def test_strangers_and_phones_are_sent_away(incident: Incident, kita: Organisation) -> None:
    layer = make(signed_in(kita), incident)
    phone = Client()
    phone.cookies[access.DEVICE_COOKIE] = builders.device(incident)[1]
    other = signed_in(builders.make_organisation("other"))
    for path in (f"/publish/{layer.slug}/file/", f"/publish/{layer.slug}/history/",
                 f"/publish/{layer.slug}/about/"):  # fmt: skip
        assert Client().get(path)["Location"] == f"/accounts/login/?next={path}"
        assert phone.get(path).status_code == 403
        # it is not public yet: others do not even learn that it is there
        assert other.get(path).status_code == 404
    assert signed_in(kita, "partner").get("/publish/").status_code == 403


def test_a_foreign_page_cannot_send_a_file(incident: Incident, kita: Organisation) -> None:
    layer = make(signed_in(kita), incident)
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.make_user(kita, "publisher"))
    sent = {"file": SimpleUploadedFile("a.csv", CSV.encode())}
    assert client.post(f"/publish/{layer.slug}/file/", sent).status_code == 403
    assert not layer.versions.exists()


def test_publishers_and_headquarters_are_shown_the_way(
    incident: Incident, kita: Organisation
) -> None:
    assert 'href="/publish/"' in text_of(signed_in(kita).get("/"))
    assert 'href="/publish/"' in text_of(signed_in(builders.headquarters(incident)).get("/"))
    assert 'href="/publish/"' not in text_of(signed_in(kita, "partner").get("/"))
    desk = signed_in(builders.headquarters(incident), "operator").get("/hq/quake/")
    assert 'href="/publish/"' in text_of(desk)


def test_the_desk_counts_states_and_tells_stale(incident: Incident, kita: Organisation) -> None:
    client = signed_in(kita)
    layer = make(client, incident, refresh_s="900")
    by = access.caller_from_user(builders.Membership.objects.filter(organisation=kita)[0].user_id)
    spots = [layer_builders.spot(n, state={"operation": "open"}) for n in "ab"]
    layer_builders.publish(layer, by, [*spots, layer_builders.spot("c")])
    page = text_of(client.get("/publish/"))
    assert "3 places" in page and re.search(r"Open <strong>2</strong>", page)
    assert "Out of date" in page
