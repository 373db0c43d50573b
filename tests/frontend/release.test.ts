import assert from "node:assert/strict";
import { test } from "node:test";
import type { Geometry } from "geojson";
import { countsAsHome, hindrance, isPublic, shownPlace } from "../../frontend/src/core/release.ts";
import { aReport } from "./examples.ts";

const told = (more: object) => aReport("a", more).properties;
const point = (lon: number, lat: number): Geometry => ({ type: "Point", coordinates: [lon, lat] });

test("public is what was released and may be", () => {
  assert.equal(isPublic(told({ release: "public" })), true);
  for (const release of ["none", "partner", null]) assert.equal(isPublic(told({ release })), false);
  assert.equal(isPublic(told({ release: "public", category: "rescue" })), false);
  for (const status of ["rejected", "withdrawn", "duplicate"]) {
    assert.equal(isPublic(told({ release: "public", status })), false);
  }
});

test("a rescue is never public, whatever its status", () => {
  assert.equal(hindrance(told({ category: "rescue", status: "rejected" })), "rescue");
  assert.equal(hindrance(told({ status: "duplicate" })), "status");
  assert.equal(hindrance(told({ category: "building", status: "resolved" })), null);
});

test("a building is a home until headquarters says no, other things when it says yes", () => {
  assert.equal(countsAsHome(told({ category: "building", private_home: null })), true);
  assert.equal(countsAsHome(told({ category: "building", private_home: false })), false);
  assert.equal(countsAsHome(told({ category: "road_blocked", private_home: null })), false);
  assert.equal(countsAsHome(told({ category: "road_blocked", private_home: true })), true);
});

test("how the shown place relates to the real one", () => {
  const ours = point(130.7561, 32.7903);
  assert.equal(shownPlace(ours, null), "none");
  assert.equal(shownPlace(ours, point(130.7561, 32.7903)), "exact");
  assert.equal(shownPlace(ours, point(130.7575, 32.7925)), "cell");
  assert.equal(shownPlace(ours, point(130.75, 32.79)), "other");
  assert.equal(shownPlace(ours, point(-0.0025, -33.8725)), "cell");
  const area: Geometry = { type: "Polygon", coordinates: [[[130.7, 32.7]]] };
  assert.equal(shownPlace(ours, area), "other");
  assert.equal(shownPlace(area, area), "exact");
});
