"""The app's icon as PNG, for home screens: drawn, so that no picture has to be kept in step."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from frontend.theme import colour

# Apple's touch icon; the two that a manifest needs
SIZES = (180, 192, 512)
OVERSAMPLING = 4
# Units of frontend/icons/position_pin.svg (24 x 24), about its middle.
HEAD, HEAD_RADIUS, HOLE_RADIUS = (12.0, 9.9), 6.5, 2.4
TIP = (12.0, 21.5)
# where lines from the tip touch the head
SHOULDERS = ((6.62, 13.54), (17.38, 13.54))
MIDDLE = (12.0, 12.4)
# launchers cut icons to a circle of 80 % (W3C App Manifest, "safe zone"): the pin stays inside
SHARE = 0.62 / 18.1


@cache
def png(size: int) -> bytes:
    """A square picture `size` pixels wide, filled to its edges."""
    side = size * OVERSAMPLING
    picture = Image.new("RGB", (side, side), colour("accent"))
    _draw_pin(ImageDraw.Draw(picture), side)
    written = BytesIO()
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    small.quantize(32).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_pin(draw: ImageDraw.ImageDraw, side: int) -> None:
    scale = side * SHARE

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return tuple(side / 2 + (p - m) * scale for p, m in zip(point, MIDDLE, strict=True))  # type: ignore[return-value]

    draw.circle(at(HEAD), HEAD_RADIUS * scale, fill=colour("on-accent"))
    draw.polygon([at(SHOULDERS[0]), at(TIP), at(SHOULDERS[1])], fill=colour("on-accent"))
    draw.circle(at(HEAD), HOLE_RADIUS * scale, fill=colour("accent"))
