"""Who may see and do what: the one place. REST, websocket, tiles, photos and exports all ask here.

Four audiences per incident and no finer (docs/decisions/0003-audiences.md). Visibility of a row
is a bit mask computed by PostgreSQL in a generated column (`audiences`), so that lists, tiles and
the change feed filter by one and the same rule.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import connection
from django.db.models import Case, Q, SmallIntegerField, Value, When
from django.utils.crypto import salted_hmac

from gspace.problems import Problem

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from gspace.models import Device, Incident

Audience = Literal["hq", "partner", "field", "public"]
BITS: dict[str, int] = {"hq": 1, "partner": 2, "field": 4, "public": 8}
EVERYONE = sum(BITS.values())


@dataclass(frozen=True)
class Caller:
    """Who is asking.

    key: stable identity written on what they send ("device:<uuid>", "user:<id>", "token:<id>",
    "" for nobody). roles: (organisation id, role) pairs, role one of operator, partner, publisher,
    admin, field, volunteer.
    """

    key: str = ""
    name: str = ""
    roles: tuple[tuple[int, str], ...] = ()
    device: str | None = None
    user: int | None = None
    superuser: bool = False

    def has(self, role: str, organisations: Any) -> bool:
        return any(r == role and o in organisations for o, r in self.roles)


NOBODY = Caller()


# --- what each audience sees of a row ------------------------------------------------------
def report_audiences() -> Case:
    """Audience bits of a report row (DESIGN 4.4), as an expression for a generated column.

    `building` counts as a private home until HQ says otherwise (private_home=False): a home shown
    by mistake cannot be taken back, a public building shown late can.
    """
    hidden = Q(status__in=["rejected", "withdrawn"])
    home = Q(private_home=True) | (Q(private_home__isnull=True) & Q(category="building"))
    rescue = Q(category="rescue")
    released = Q(release="public") & ~rescue & ~Q(status__in=["rejected", "withdrawn", "duplicate"])
    field = ~hidden & ~rescue & ~home
    base = BITS["hq"] | BITS["partner"]
    return Case(
        When(field & released, then=Value(base | BITS["field"] | BITS["public"])),
        When(released, then=Value(base | BITS["public"])),
        When(field, then=Value(base | BITS["field"])),
        default=Value(base),
        output_field=SmallIntegerField(),
    )


def layer_audiences() -> Case:
    """Audience bits of a layer row: none until a version is published, and when withdrawn."""
    return Case(
        When(Q(published__isnull=True) | Q(withdrawn_at__isnull=False), then=Value(0)),
        When(audience="public", then=Value(EVERYONE)),
        When(audience="partner", then=Value(BITS["hq"] | BITS["partner"])),
        default=Value(BITS["hq"]),
        output_field=SmallIntegerField(),
    )


# --- which audience a caller is ------------------------------------------------------------
def audience(caller: Caller, incident: Incident) -> Audience:
    """The caller's audience in an incident; the widest one their roles give."""
    if caller.superuser:
        return "hq"
    parts = incident_parts(incident)
    hq, partner = parts.get("hq", set()), parts.get("partner", set())
    if caller.has("operator", hq) or caller.has("admin", hq):
        return "hq"
    if caller.has("partner", hq | partner) or caller.has("operator", partner):
        return "partner"
    if caller.has("field", hq | partner):
        return "field"
    return "public"


def incident_parts(incident: Incident) -> dict[str, set[int]]:
    """Organisation ids by their part in the incident; read once per incident object."""
    cached: dict[str, set[int]] | None = getattr(incident, "_parts", None)
    if cached is None:
        cached = remember_parts(incident, incident.parts.values_list("organisation_id", "part"))
    return cached


def remember_parts(incident: Incident, pairs: Iterable[tuple[int, str]]) -> dict[str, set[int]]:
    """Keep (organisation id, part) pairs on the incident object, for as long as it lives."""
    found: dict[str, set[int]] = {}
    for organisation, part in pairs:
        found.setdefault(part, set()).add(organisation)
    incident._parts = found  # type: ignore[attr-defined]
    return found


def require_hq(caller: Caller, incident: Incident) -> None:
    if audience(caller, incident) != "hq":
        raise Problem("not_allowed")


def may_report(caller: Caller, incident: Incident) -> bool:
    """Devices (field and volunteer) of the incident's organisations and its operators may."""
    if audience(caller, incident) in ("hq", "field"):
        return True
    return any(caller.has("volunteer", members) for members in incident_parts(incident).values())


def reporting_devices(incident: Incident) -> QuerySet[Device]:
    """The devices that may_report says yes to, unless they are revoked."""
    from gspace.models import Device

    parts = incident_parts(incident)
    crews = parts.get("hq", set()) | parts.get("partner", set())
    every = crews | parts.get("support", set())
    may = Q(audience="volunteer", organisation_id__in=every)
    may |= Q(audience="field", organisation_id__in=crews)
    return Device.objects.filter(may, revoked_at=None)


def may_publish(caller: Caller, organisation_id: int) -> bool:
    """Publishers and operators write their own organisation's layers."""
    own = {organisation_id}
    roles = ("publisher", "operator", "admin")
    return caller.superuser or any(caller.has(role, own) for role in roles)


def publishes(caller: Caller) -> bool:
    """Whether the caller may publish for some organisation at all."""
    return caller.superuser or any(may_publish(caller, o) for o, _ in caller.roles)


def may_report_situation(caller: Caller, incident: Incident, publisher_id: int) -> bool:
    """Field staff and operators of the incident, and the publisher of the facility, may.

    Volunteers may not: a shelter's numbers are an official's word.
    """
    parts = incident_parts(incident)
    staff = parts.get("hq", set()) | parts.get("partner", set())
    at_work = any(caller.has(role, staff) for role in ("field", "operator", "admin"))
    return at_work or may_publish(caller, publisher_id)


def device_organisations(caller: Caller, incident: Incident) -> set[int]:
    """Headquarters of the incident whose phones the caller may invite and lock out: their own.

    Operators and administrators of one headquarters do not touch the phones of another.
    """
    headquarters = incident_parts(incident).get("hq", set())
    mine = {o for o, role in caller.roles if role in ("operator", "admin")}
    return set(headquarters) if caller.superuser else headquarters & mine


def colleagues(caller: Caller) -> set[int]:
    """Organisations at whose desk the caller sits."""
    return {o for o, role in caller.roles if role in ("operator", "admin", "partner")}


def default_area(caller: Caller, incident: Incident) -> list[str]:
    """Municipality codes of the caller's default queue; empty = all (a prefecture's HQ sees all).

    A prefecture's code has 000 for the municipality (six digits: PP000C). The `area` filter takes
    a city's code for its wards, too.
    """
    from gspace.models import Organisation

    mine = [o for o, role in caller.roles if role in ("operator", "admin")]
    codes = Organisation.objects.filter(id__in=mine, incident_parts__incident=incident)
    found = [c for c in codes.values_list("municipality_code", flat=True) if c]
    return [] if any(c[2:5] == "000" for c in found) else sorted(set(found))


# --- credentials ---------------------------------------------------------------------------
def new_token() -> tuple[str, str]:
    """(token to hand out once, SHA-256 to keep)."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    """Tokens carry 256 random bits, so a plain SHA-256 is enough at rest (no slow hash needed)."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def digits_hash(digits: str) -> str:
    """Six digits are found by trying all of them: the key is not in the database or its backup."""
    return salted_hmac("gspace.transfer", digits, algorithm="sha256").hexdigest()


TOKEN_SQL = """
SELECT 'device', d.id::text, d.label, d.organisation_id, d.audience
  FROM gspace_device d WHERE d.token_hash = %(hash)s AND d.revoked_at IS NULL
UNION ALL
SELECT 'device', d.id::text, d.label, d.organisation_id, d.audience
  FROM gspace_devicekey k JOIN gspace_device d ON d.id = k.device_id
 WHERE k.token_hash = %(hash)s AND d.revoked_at IS NULL
UNION ALL
SELECT 'token', t.id::text, t.label, t.organisation_id, t.role
  FROM gspace_apitoken t WHERE t.token_hash = %(hash)s AND t.revoked_at IS NULL
"""


def caller_from_token(token: str) -> Caller:
    """The device or program behind a bearer token. Raises Problem not_signed_in when unknown."""
    with connection.cursor() as cursor:
        cursor.execute(TOKEN_SQL, {"hash": token_hash(token)})
        row = cursor.fetchone()
    if row is None:
        raise Problem("token_invalid")
    kind, ident, label, organisation, role = row
    device = ident if kind == "device" else None
    return Caller(f"{kind}:{ident}", label, ((organisation, role),), device=device)


def caller_from_user(user_id: int) -> Caller:
    """The signed-in person, with the roles held now. NOBODY when the account is gone or closed."""
    from django.contrib.auth.models import User

    user = User.objects.filter(id=user_id, is_active=True).first()
    if user is None:
        return NOBODY
    roles = tuple(user.memberships.values_list("organisation_id", "role"))
    name = user.get_full_name() or user.username
    return Caller(f"user:{user.id}", name, roles, user=user.id, superuser=user.is_superuser)


def caller_from_session(session_key: str) -> Caller:
    """The person behind a session cookie, read afresh: sockets ask again at each heartbeat.

    Django checks the session's password hash, so a changed password ends the session here too.
    """
    from django.contrib.auth import get_user
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user(SimpleNamespace(session=SessionStore(session_key)))
    return caller_from_user(user.pk) if user.is_authenticated else NOBODY


def caller_from_cookies(cookies: Mapping[str, str]) -> Caller:
    """Web session, else the device cookie of /m/, else nobody."""
    if session := cookies.get(settings.SESSION_COOKIE_NAME):
        caller = caller_from_session(session)
        if caller.key:
            return caller
    return caller_from_token(token) if (token := cookies.get(DEVICE_COOKIE)) else NOBODY


DEVICE_COOKIE = "gspace_device"


def caller_from_request(request: HttpRequest) -> Caller:
    """Bearer token, else web session, else the device cookie of /m/, else nobody; read once.

    A cookie may only change things together with a CSRF token: see gspace.doors.
    """
    cached: Caller | None = getattr(request, "gspace_caller", None)
    if cached is None:
        cached = _read_caller(request)
        request.gspace_caller = cached  # type: ignore[attr-defined]
    return cached


def device_from_request(request: HttpRequest) -> Caller:
    """The device that asks, also where a person has signed in on the same browser.

    Raises Problem token_invalid (revoked), not_signed_in (nobody), not_allowed (no device).
    """
    who = caller_from_request(request)
    cookie = request.COOKIES.get(DEVICE_COOKIE)
    if not who.device and cookie and not request.headers.get("Authorization"):
        who = caller_from_token(cookie)
    if not who.key:
        raise Problem("not_signed_in")
    if not who.device:
        raise Problem("not_allowed")
    return who


def bearer_token(request: HttpRequest) -> str | None:
    """None where no bearer was sent; "" where an empty one was."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _read_caller(request: HttpRequest) -> Caller:
    if (token := bearer_token(request)) is not None:
        return caller_from_token(token)
    if request.user.is_authenticated:
        return caller_from_user(request.user.pk)
    if cookie := request.COOKIES.get(DEVICE_COOKIE):
        try:
            return caller_from_token(cookie)
        except Problem:
            return NOBODY
    return NOBODY
