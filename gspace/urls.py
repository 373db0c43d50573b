"""The composition root of addresses (DESIGN 4.2-4.6)."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.i18n import JSONCatalog

from gspace import basemap, health
from layers import tiles as layer_tiles
from mobile_api.api import api
from reports import tiles as report_tiles

# the admin asks for the second factor too, where an account has one
admin.site.login = never_cache(secure_admin_login(admin.site.login))  # type: ignore[method-assign]

urlpatterns = [
    path("", include("frontend.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("i18n/catalogue.json", JSONCatalog.as_view(packages=None), name="catalogue"),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("tiles/", include(layer_tiles.urlpatterns)),
    path("tiles/", include(report_tiles.urlpatterns)),
    path("tiles/basemap/<int:z>/<int:x>/<int:y>.mvt", basemap.basemap_tile, name="basemap_tile"),
]
