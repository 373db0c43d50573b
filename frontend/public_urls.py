"""Addresses of the pages for everybody, below /i/."""

from __future__ import annotations

from django.urls import path

from frontend.views.feeds import atom
from frontend.views.paper import paper
from frontend.views.public import public, public_list, public_towns
from frontend.views.public_data import public_data, public_layer

urlpatterns = [
    path("<slug:slug>/", public, name="public"),
    path("<slug:slug>/list/", public_list, name="public_list"),
    path("<slug:slug>/towns/", public_towns, name="public_towns"),
    path("<slug:slug>/data/", public_data, name="public_data"),
    path("<slug:slug>/paper/", paper, name="paper"),
    path("<slug:slug>/layers/<slug:layer_slug>/", public_layer, name="public_layer"),
    path("<slug:slug>/layers/<slug:layer_slug>.atom", atom, name="layer_atom"),
]
