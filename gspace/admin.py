"""The operator's desk: incidents, organisations, people, devices, places."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from leaflet.admin import LeafletGeoAdmin

from gspace import actions
from gspace.models import (
    ApiToken,
    Device,
    Incident,
    IncidentOrganisation,
    Membership,
    Municipality,
    Organisation,
    Place,
    Team,
)


class PartInline(admin.TabularInline):
    model = IncidentOrganisation
    extra = 1


class TeamInline(admin.TabularInline):
    model = Team
    extra = 1


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 1


@admin.register(Incident)
class IncidentAdmin(LeafletGeoAdmin):
    list_display = ["slug", "name", "state", "hazard", "demo", "started_at"]
    list_filter = ["state", "demo"]
    inlines = [PartInline]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["slug", "name", "municipality_code"]
    search_fields = ["slug", "name"]
    inlines = [MembershipInline, TeamInline]
    actions = ["add_default_teams"]

    @admin.action(description=gettext_lazy("Add the usual teams of a headquarters"))
    def add_default_teams(self, request: HttpRequest, chosen: QuerySet[Organisation]) -> None:
        made = sum(actions.teams_begin(organisation=one) for one in chosen)
        self.message_user(request, _("Teams added: {n}").format(n=made), messages.SUCCESS)


class Kept(admin.ModelAdmin):
    """Tokens are made by commands, which show them once; here they are seen and revoked."""

    readonly_fields = ["organisation", "created_at"]
    exclude = ["token_hash"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Device)
class DeviceAdmin(Kept):
    list_display = ["label", "organisation", "audience", "last_seen_at", "unsent", "revoked_at"]
    # the phone's own words
    readonly_fields = [*Kept.readonly_fields, "unsent", "oldest_unsent_at", "contact_at"]
    list_filter = ["organisation", "audience"]


@admin.register(ApiToken)
class ApiTokenAdmin(Kept):
    list_display = ["label", "organisation", "role", "created_at", "revoked_at"]


@admin.register(Municipality)
class MunicipalityAdmin(LeafletGeoAdmin):
    list_display = ["code", "prefecture", "name", "as_of"]
    search_fields = ["code", "name"]


@admin.register(Place)
class PlaceAdmin(LeafletGeoAdmin):
    list_display = ["name", "kind", "municipality", "source"]
    search_fields = ["name"]
    list_select_related = ["municipality"]
