"""A photo that crashes, hangs or takes over its decoder costs only itself."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from reports import copies, darkroom, enlarger, photos
from tests import photo_faults as made


def test_the_darkroom_gives_what_developing_gives(shared_data: Path, tmp_path: Path) -> None:
    for name in ("Apple_iPhone_5.jpg", "pheif_xiaomi.heic", "exifr_Irvine_CA.avif"):
        path = shared_data / "photos" / name
        done = copies.develop(path, tmp_path)
        found = darkroom.develop(path)
        assert (found.dhash, found.width, found.doubts) == (done.dhash, done.width, done.doubts)
        assert found.display == (tmp_path / "display.jpg").read_bytes()
        assert max(Image.open(io.BytesIO(found.thumb)).size) == 320


def test_the_darkroom_hands_on_the_reason(shared_data: Path) -> None:
    with pytest.raises(photos.Unreadable) as told:
        darkroom.develop(next((shared_data / "photos/fuzzed").iterdir()))
    assert told.value.reason == "video"


def test_a_missing_file_is_not_the_photos_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        darkroom.develop(tmp_path / "gone")


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A darkroom whose child, limits in place, does something else; and a photo to give it."""
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(made.saved(made.picture()))
    start = (
        "import sys; sys.path.insert(0, sys.argv[1]); from reports import enlarger\n"
        "enlarger.give_up_everything()\n"
    )

    def run(deed: str, **options: float) -> str:
        monkeypatch.setattr(darkroom, "_START", start + deed)
        with pytest.raises(photos.Unreadable) as told:
            darkroom.develop(photo, **options)
        return told.value.reason

    return run


def test_a_child_that_dies_costs_one_photo(poisoned) -> None:
    assert poisoned("import os; os.abort()") == "decoder_died"
    assert poisoned("import os, signal; os.kill(os.getpid(), signal.SIGKILL)") == "decoder_died"
    assert poisoned("print('not json')") == "decoder_died"
    assert poisoned("print('[1, 2]')") == "decoder_died"


def test_a_child_that_hangs_is_ended(poisoned) -> None:
    assert poisoned("import time; time.sleep(60)", wall_seconds=1.0) == "took_too_long"
    hurry = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile 1: pass"
    assert poisoned(hurry) == "took_too_long"


def test_a_child_cannot_take_the_machine_with_it(poisoned) -> None:
    through = '\nprint(\'{"unreadable": ["video", "got through"]}\')'
    assert poisoned(f"x = b'x' * 1024**2{through}") == "video"
    assert poisoned(f"x = bytearray(3 * 1024**3){through}") == "decoder_died"
    flood = "f = open('big', 'wb')\nfor _ in range(20): f.write(bytes(1024**2))"
    assert poisoned(flood + through) == "decoder_died"
    chatter = "for _ in range(20): print(' ' * 1024**2)"
    assert poisoned(chatter + through) == "decoder_died"


def test_a_child_that_was_taken_over_cannot_hand_out_other_files(poisoned) -> None:
    answer = json.dumps(
        {"developed": {"type": "image/jpeg", "width": 9, "height": 9, "dhash": "0", "doubts": []}}
    )
    say = f"\nprint({answer!r})"
    assert poisoned("import os; os.symlink('/etc/passwd', 'display.jpg')" + say) == "decoder_died"
    assert poisoned("import os; os.mkfifo('display.jpg')" + say) == "decoder_died"
    copy = "import shutil; shutil.copy(sys.argv[2], 'display.jpg')"
    assert poisoned(copy + say) == "decoder_died"  # there is no thumb
    assert poisoned('print(\'{"unreadable": ["my_reason", "x"]}\')') == "decoder_died"


def test_the_child_knows_no_secret_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSPACE_SECRET_KEY", "hush")
    told = (
        "import json, os, sys; sys.path.insert(0, sys.argv[1]); from reports import enlarger\n"
        "from reports.photos import Unreadable\n"
        "loaded = [name for name in sys.modules if name.split('.')[0] in ('django', 'pi_heif')]\n"
        "enlarger.give_up_everything()\n"
        "words = json.dumps([sorted(os.environ), loaded, os.nice(0)])\n"
        "print(json.dumps({'unreadable': ['damaged', words]}))"
    )
    monkeypatch.setattr(darkroom, "_START", told)
    with pytest.raises(photos.Unreadable) as caught:
        darkroom.develop(Path(__file__))
    environment, loaded, nice = json.loads(caught.value.text)
    assert set(environment) <= {"LANG", "MALLOC_ARENA_MAX", "LC_CTYPE"}
    assert loaded == []
    assert nice == os.nice(0) + enlarger.NICE
