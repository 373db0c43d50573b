// Coordinates as they are copied: values by PROJ and by the standard's own arithmetic.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  meshText,
  mgrsText,
  readCoordinates,
  sexagesimalText,
  utmText,
} from "../../frontend/src/core/coordinates.ts";
import { meshCell, meshCode } from "../../frontend/src/core/mesh.ts";
import { toMgrs, toUtm } from "../../frontend/src/core/utm.ts";

interface Place {
  name: string;
  lon: number;
  lat: number;
  easting: number;
  northing: number;
  utm: string;
  mgrs: string;
  dms: string;
  mesh: string[] | null;
}
interface Edge {
  lon: number;
  lat: number;
  code: string;
  west: string;
  south: string;
}
const { places, edges }: { places: Place[]; edges: Edge[] } = JSON.parse(
  readFileSync(new URL("./grid_values.json", import.meta.url), "utf8"),
);

test("UTM is PROJ's to a millimetre, across zones, bands and the equator", () => {
  for (const { name, lon, lat, easting, northing, utm } of places) {
    const found = toUtm(lon, lat);
    assert.ok(found, name);
    assert.ok(Math.abs(found.easting - easting) < 1e-3, `${name}: ${found.easting}`);
    assert.ok(Math.abs(found.northing - northing) < 1e-3, `${name}: ${found.northing}`);
    assert.equal(utmText([lon, lat]), utm, name);
  }
});

test("MGRS, degrees and squares are written as expected", () => {
  for (const { name, lon, lat, mgrs, dms, mesh } of places) {
    assert.equal(mgrsText([lon, lat]), mgrs, name);
    assert.equal(sexagesimalText([lon, lat]), dms, name);
    const codes = [8, 9, 10].map((length) => meshCode(lon, lat, length));
    assert.deepEqual(codes, mesh ?? [null, null, null], name);
  }
});

test("published examples", () => {
  assert.equal(toMgrs(-157.9160812, 21.4097964, 3), "4QFJ123678");
  assert.equal(meshText([139.7671, 35.6812], 8), "5339-46-11");
});

test("an edge belongs to the square beyond it, and a hair before it to the one before", () => {
  const hair = 1e-8;
  for (const { lon, lat, code, west, south } of edges) {
    assert.equal(meshCode(lon, lat, 10), code);
    assert.equal(meshCode(lon - hair, lat, 10), west);
    assert.equal(meshCode(lon, lat - hair, 10), south);
    const cell = meshCell(code);
    assert.ok(cell && Math.abs(cell[0] - lon) < 1e-9 && Math.abs(cell[1] - lat) < 1e-9, code);
  }
});

test("what is copied is read again", () => {
  for (const { name, lon, lat } of places) {
    const texts = [utmText([lon, lat]), mgrsText([lon, lat]), sexagesimalText([lon, lat])];
    for (const text of texts) {
      const at = readCoordinates(text ?? "")?.at;
      assert.ok(at, `${name}: ${text}`);
      const east = Math.abs(((at[0] - lon + 540) % 360) - 180) * Math.cos((lat * Math.PI) / 180);
      assert.ok(Math.hypot(east, at[1] - lat) * 111_320 < 3, `${name}: ${text}: ${at}`);
    }
  }
});

test("where a grid does not reach it says nothing", () => {
  assert.equal(utmText([0, 85]), null);
  assert.equal(mgrsText([0, -81]), null);
  for (const at of [
    [99.99, 35],
    [180, 35],
    [139, -0.01],
    [139, 66.67],
  ] as const) {
    assert.equal(meshText(at, 8), null, String(at));
  }
});

test("sixty seconds are a minute", () => {
  assert.equal(sexagesimalText([130.99999, 32.9999999]), "33°00′00.0″N 131°00′00.0″E");
  assert.equal(sexagesimalText([-0.000001, -0.000001]), "0°00′00.0″N 0°00′00.0″E");
});
