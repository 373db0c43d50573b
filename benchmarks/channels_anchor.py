"""What the Channels tutorial does: one group member a socket, group_send, the in-memory layer."""

from __future__ import annotations

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

settings.configure(
    SECRET_KEY="of no use",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
)


class Listener(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.channel_layer.group_add("map", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("map", self.channel_name)

    async def map_changed(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


class Publisher(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send("map", {"type": "map.changed", "text": text_data})


routes = [path("listen", Listener.as_asgi()), path("publish", Publisher.as_asgi())]
application = ProtocolTypeRouter({"websocket": URLRouter(routes)})
