"""The demo's drawn pictures: there are enough, they repeat exactly, and their EXIF reads back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from fixtures.kumamoto_2016 import scenes
from fixtures.kumamoto_2016.scenes.registry import SCENES
from gspace import vocabulary
from reports import photos

TAKEN = datetime(2016, 4, 16, 2, 11, 7)
WHERE = {"lon": 130.712345, "lat": 32.801234, "accuracy_m": 8.5, "bearing_deg": 123.25}


def test_there_are_scenes_for_every_category() -> None:
    assert len(scenes.NAMES) >= 30
    assert {s.category for s in SCENES.values()} == set(vocabulary.codes("category"))


@pytest.mark.parametrize("name", scenes.NAMES)
def test_a_scene_is_a_picture(name: str) -> None:
    picture = scenes.draw(name, 5)
    pixels = np.asarray(picture, np.float32)
    assert picture.size == (1200, 900)
    # neither a blank sheet nor all black: night scenes are the darkest
    assert pixels.std() > 18
    assert 20 < pixels.mean() < 225


def test_the_same_seed_draws_the_same_pixels_and_another_does_not() -> None:
    first, again, other = (scenes.draw("road_cracked", n, "clear") for n in (3, 3, 4))
    assert first.tobytes() == again.tobytes()
    assert np.abs(np.asarray(first, int) - np.asarray(other, int)).mean() > 5


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_exif_reads_back(tmp_path: Path, kind: str, orientation: int) -> None:
    camera = scenes.Camera(TAKEN, **WHERE, orientation=orientation)
    file = tmp_path / "photo"
    file.write_bytes(scenes.jpeg("road_hole", 1, camera, "clear", kind))
    facts = photos.read(file)
    exif = facts.exif
    assert facts.type == kind
    assert facts.upright_width > facts.upright_height
    assert exif.lon == pytest.approx(WHERE["lon"], abs=1e-6)
    assert exif.lat == pytest.approx(WHERE["lat"], abs=1e-6)
    assert exif.accuracy_m == pytest.approx(8.5)
    assert (exif.bearing_deg, exif.bearing_ref) == (pytest.approx(123.25), "true")
    assert (exif.taken_at, exif.utc_offset) == ("2016-04-16T02:11:07", "+09:00")
    assert exif.orientation == orientation


def test_a_camera_may_know_neither_place_nor_offset(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(scenes.jpeg("room_mess", 1, scenes.Camera(TAKEN, offset=None)))
    exif = photos.read(file).exif
    assert (exif.lon, exif.lat, exif.bearing_deg, exif.utc_offset) == (None, None, None, None)
    assert exif.taken_at == "2016-04-16T02:11:07"
    assert 100_000 < file.stat().st_size < 700_000
