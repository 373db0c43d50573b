import assert from "node:assert/strict";
import { test } from "node:test";
import type { Geometry, Position } from "geojson";
import { mayBeInside } from "../../frontend/src/core/inside.ts";

function square(west: number, south: number, side: number): Position[] {
  const [east, north] = [west + side, south + side];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

const RING: Geometry = { type: "Polygon", coordinates: [square(0, 0, 10), square(4, 4, 2)] };

test("inside, in the hole, and outside", () => {
  assert.equal(mayBeInside(RING, [1, 1]), true);
  assert.equal(mayBeInside(RING, [5, 5]), false);
  assert.equal(mayBeInside(RING, [11, 5]), false);
});

test("any part of several", () => {
  const parts: Geometry = {
    type: "MultiPolygon",
    coordinates: [[square(20, 20, 1)], RING.coordinates],
  };
  assert.equal(mayBeInside(parts, [20.5, 20.5]), true);
  assert.equal(mayBeInside({ type: "GeometryCollection", geometries: [parts] }, [1, 1]), true);
  assert.equal(mayBeInside(parts, [15, 15]), false);
});

test("who may be over the edge counts as inside", () => {
  const near: Position = [10.001, 5];
  assert.equal(mayBeInside(RING, near, 20), false);
  assert.equal(mayBeInside(RING, near, 200), true);
});

test("a line has no outside", () => {
  assert.equal(
    mayBeInside(
      {
        type: "LineString",
        coordinates: [
          [0, 0],
          [1, 1],
        ],
      },
      [90, 45],
    ),
    true,
  );
});
