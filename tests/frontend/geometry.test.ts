import assert from "node:assert/strict";
import { test } from "node:test";
import type { Geometry } from "geojson";
import { boxOf, compassPoint, cone, destination, distanceM, markPosition } from "../../frontend/src/core/geometry.ts";

const KUMAMOTO = [130.7417, 32.8031];

test("any geometry has a box; none has none", () => {
  const shapes: [Geometry, number[]][] = [
    [{ type: "Point", coordinates: [130, 32] }, [130, 32, 130, 32]],
    [{ type: "LineString", coordinates: [[130, 32], [131, 33]] }, [130, 32, 131, 33]],
    [{ type: "MultiPolygon", coordinates: [[[[1, 1], [2, 1], [2, 3], [1, 1]]]] }, [1, 1, 2, 3]],
    [{ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [5, 6] }] }, [5, 6, 5, 6]],
  ];
  for (const [shape, box] of shapes) assert.deepEqual(boxOf(shape), box);
  assert.equal(boxOf(null), null);
  assert.equal(boxOf({ type: "MultiPoint", coordinates: [] }), null);
});

test("a line is marked on the line, an area in its middle", () => {
  const bend = [[0, 0], [5, 9], [10, 0]];
  assert.deepEqual(markPosition({ type: "LineString", coordinates: bend }), [5, 9]);
  const ring = [[0, 0], [4, 0], [4, 2], [0, 0]];
  assert.deepEqual(markPosition({ type: "Polygon", coordinates: [ring] }), [2, 1]);
});

test("going out and measuring back agree to a metre in a kilometre", () => {
  for (const bearing of [0, 45, 90, 200, 359]) {
    const there = destination(KUMAMOTO, bearing, 1000);
    assert.ok(Math.abs(distanceM(KUMAMOTO, there) - 1000) < 1);
  }
  assert.ok((destination(KUMAMOTO, 90, 1000)[0] ?? 0) > 130.7417);
});

test("the cone opens around the bearing", () => {
  const ring = cone(KUMAMOTO, 90, 500);
  assert.deepEqual(ring[0], ring.at(-1));
  assert.ok(ring.slice(1, -1).every((position) => (position[0] ?? 0) > 130.7417));
});

test("bearings name the nearest of eight winds, over north too", () => {
  assert.deepEqual([0, 22, 23, 90, 337, 338, 359, -45].map(compassPoint), [0, 0, 1, 2, 7, 0, 0, 7]);
});
