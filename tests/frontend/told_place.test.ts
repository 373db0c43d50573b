// Places as they are told, and what is measured by hand; the metres were made by PROJ.

import assert from "node:assert/strict";
import { test } from "node:test";
import { enteredBody } from "../../frontend/src/core/entered.ts";
import { distanceM } from "../../frontend/src/core/geometry.ts";
import { areaM2, geodesicM, lengthM } from "../../frontend/src/core/measured.ts";
import { newId } from "../../frontend/src/core/new_id.ts";
import {
  asSureAs,
  type District,
  districtPlace,
  linePlace,
  NO_PLACE,
  pointPlace,
} from "../../frontend/src/core/told_place.ts";

const HONMACHI = [130.757042, 32.785832];

test("a length is PROJ's to a millimetre, also across a border of zones and of days", () => {
  const line = [[130.7, 32.8], [130.75, 32.79], HONMACHI];
  assert.ok(Math.abs(lengthM(line) - 5618.444) < 1e-3);
  assert.ok(Math.abs(geodesicM([131.99999, 33.2], [132.00001, 33.2]) - 1.865) < 1e-3);
  assert.ok(Math.abs(geodesicM([179.9, 10], [-179.9, 10.1]) - 24_556.58) < 1e-2);
  assert.equal(geodesicM(HONMACHI, HONMACHI), 0);
  assert.equal(lengthM([HONMACHI]), 0);
});

test("an area is PROJ's to a thousandth, whichever way round and closed or not", () => {
  const ring = [
    [130.7, 32.78],
    [130.72, 32.78],
    [130.72, 32.8],
    [130.7, 32.8],
  ];
  const closed = [...ring, ring[0] ?? []];
  for (const one of [ring, closed, [...ring].reverse()]) {
    assert.ok(Math.abs(areaM2(one) / 4_155_404.711 - 1) < 1e-4, String(areaM2(one)));
  }
  const wide = [
    [141, 43],
    [141.5, 43],
    [141.5, 43.4],
    [141.2, 43.5],
  ];
  assert.ok(Math.abs(areaM2(wide) / 1_670_899_927 - 1) < 1e-3, String(areaM2(wide)));
});

test("about here is an area; only exactly here is a point", () => {
  const about = pointPlace(HONMACHI, 300, " 郵便局のあたり ");
  assert.equal(about.geometry?.type, "Polygon");
  assert.deepEqual([about.exact, about.accuracy_m], [false, 300]);
  assert.equal(about.geometry_note, "郵便局のあたり");
  assert.ok(about.geometry?.type === "Polygon");
  for (const corner of about.geometry.coordinates[0] ?? []) {
    assert.ok(Math.abs(distanceM(HONMACHI, corner) - 300) < 1);
  }
  const exact = asSureAs(about, 0);
  assert.deepEqual([exact.geometry?.type, exact.exact, exact.accuracy_m], ["Point", true, null]);
  assert.ok(exact.geometry?.type === "Point");
  assert.ok(distanceM(exact.geometry.coordinates, HONMACHI) < 0.5, "the same middle");
});

test("a district stays the area that it is, with the words of the caller", () => {
  const area = pointPlace(HONMACHI, 450, "").geometry;
  assert.ok(area);
  const district: District = {
    kind: "town",
    name: "健軍本町",
    name_en: null,
    municipality: "熊本市東区",
    municipality_en: null,
    lon: 130.757042,
    lat: 32.785832,
    accuracy_m: 450,
    area,
  };
  const place = districtPlace(district, "健軍本町5-3");
  assert.deepEqual(place, {
    geometry: area,
    exact: false,
    accuracy_m: 450,
    geometry_note: "健軍本町5-3",
  });
});

test("a road needs two corners", () => {
  assert.equal(linePlace([HONMACHI], ""), null);
  assert.equal(linePlace([HONMACHI, [130.76, 32.79]], "")?.geometry?.type, "LineString");
});

test("what was not said is null", () => {
  const told = { channel: "phone", told_by: " ", category: "fire", detail: "", severity: "unknown" };
  const body = enteredBody({ ...told, comment: "", floor: "", captured_at: null }, NO_PLACE);
  assert.deepEqual(body, {
    channel: "phone",
    told_by: null,
    category: "fire",
    detail: null,
    severity: "unknown",
    comment: null,
    floor: null,
    captured_at: null,
    geometry: null,
    exact: false,
    accuracy_m: null,
    geometry_note: null,
  });
});

test("ids are UUIDs of version 4", () => {
  const made = new Set(Array.from({ length: 100 }, newId));
  assert.equal(made.size, 100);
  for (const id of made) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
