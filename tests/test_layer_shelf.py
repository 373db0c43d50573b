"""Files of layers are built once for all who ask at a time, and hold nothing open for long."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gspace.problems import Problem
from layers import downloads_api
from layers.shelf import Shelf
from tests import builders
from tests.layer_builders import published_layer
from tests.test_layer_downloads import body, download


def quick(path: Path) -> None:
    path.write_bytes(b"quick")


def failing(_path: Path) -> None:
    raise ZeroDivisionError


def opened() -> list[str]:
    """Files of shelves: the name of each as often as it is open. Other files come and go."""
    names = []
    for number in os.listdir("/proc/self/fd"):
        # the list itself was one, and other threads close theirs meanwhile
        with contextlib.suppress(FileNotFoundError):
            names.append(os.readlink(f"/proc/self/fd/{number}"))
    return [name for name in names if name.endswith("/layer (deleted)")]


@pytest.mark.django_db
def test_an_answer_that_nobody_reads_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads_api, "shelf", Shelf())
    layer, _ = published_layer(builders.make_incident())
    address = f"/api/v1/layers/{layer.slug}/download.csv"
    others = set(opened())

    def ours() -> int:
        return sum(name not in others for name in opened())

    # each connection is lost before the first piece was asked for
    answers = [Client().get(address) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert ours() == 6
    answers.clear()
    gc.collect()
    # the one that is kept for whoever asks next
    assert ours() == 1


def test_a_file_is_built_once_and_those_who_wait_for_it_take_no_place(
    settings: Any,
) -> None:
    settings.LIMIT_DOWNLOADS_WAIT_S = 20
    ours, going, done = Shelf(), threading.Event(), threading.Event()
    built: list[str] = []

    def slow(path: Path) -> None:
        built.append("slow")
        going.set()
        done.wait(20)
        path.write_bytes(b"slow")

    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(ours.take, "a", slow) for _ in range(3)]
        assert going.wait(20)
        try:
            other = ours.take("b", quick)
        finally:
            done.set()
        assert [copy.result().read(10) for copy in waiting] == [b"slow"] * 3
    assert (built, other.read(10)) == (["slow"], b"quick")


def test_whoever_comes_while_it_takes_long_is_told_to_ask_again(
    settings: Any,
) -> None:
    settings.LIMIT_DOWNLOADS_WAIT_S = 0.01
    ours = Shelf()

    def build(path: Path) -> None:
        path.write_bytes(b"mine")
        with ThreadPoolExecutor(1) as pool, pytest.raises(Problem) as refused:
            pool.submit(ours.take, "a", build).result()
        assert refused.value.code == "busy"

    assert ours.take("a", build).read(10) == b"mine"


def test_one_that_failed_is_tried_again() -> None:
    ours = Shelf()
    with pytest.raises(ZeroDivisionError):
        ours.take("a", failing)
    assert ours.take("a", quick).read(10) == b"quick"


@pytest.mark.django_db
def test_the_same_state_of_two_layers_is_two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads_api.Taken, "etag", '"public-1-0.0.0"')
    incident = builders.make_incident()
    one, two = (published_layer(incident, slug=slug)[0] for slug in ("one", "two"))
    assert body(download(one.slug, "csv")) != body(download(two.slug, "csv"))
