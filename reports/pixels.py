"""Small deeds on decoded pictures: colours, transparency, turning, JPEG without metadata. Pure."""

from __future__ import annotations

import io

from PIL import Image

JPEG_QUALITY = 80

DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    ArithmeticError,
    RuntimeError,
    EOFError,
)
"""What Pillow and its plugins raise on damaged files."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (CIPA DC-008, tag 0112) -> what makes the stored picture upright."""


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The picture upright."""
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def fit(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """The size in the same shape with its long edge at most `edge` pixels; never enlarged."""
    scale = min(1.0, edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def plain(image: Image.Image) -> Image.Image:
    """8 bits without transparency (on white): RGB, or L and CMYK for their colour profile."""
    if image.mode in ("RGB", "CMYK", "L"):
        return image
    if image.mode.startswith("I"):
        # 16-bit grey: plain conversion would clip everything above 255 to white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return _on_white(image) if image.has_transparency_data else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    see_through = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(see_through, mask=see_through.getchannel("A"))
    return white


def in_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, list[str]]:
    """RGB as a screen without profiles shows it right (iPhones write Display P3), and doubts:
    icc_unusable when the profile is broken and its colours are taken as they are."""
    if not profile or b"sRGB" in profile[:1_024]:
        return image.convert("RGB"), []
    from PIL import ImageCms  # loads littleCMS; most Android photos do without

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, *DECODER_ERRORS):
        changed = None
    return (changed, []) if changed else (image.convert("RGB"), ["icc_unusable"])


def jpeg(image: Image.Image) -> bytes:
    """The pixels as JPEG, and nothing else."""
    # Pillow writes the original's comment from `info`; a fresh dictionary leaves nothing behind.
    image.info = {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()


def dhash(image: Image.Image) -> str:
    """16 hex digits: 64 times "is the left one of two neighbours brighter?" on 9 x 8 grey pixels.

    A flat picture gives 0000000000000000, which says nothing about likeness.
    """
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(0, 72, 9):
        for at in range(row, row + 8):
            bits = bits << 1 | (grey[at] > grey[at + 1])
    return f"{bits:016x}"
