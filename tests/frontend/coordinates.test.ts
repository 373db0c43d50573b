// Coordinates as people write them; the metres were made by PROJ.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readCoordinates } from "../../frontend/src/core/coordinates.ts";
import { meshCell } from "../../frontend/src/core/mesh.ts";

function near(text: string, lon: number, lat: number, how: string, within = 1e-5): void {
  const found = readCoordinates(text);
  assert.ok(found, text);
  assert.equal(found.how, how, text);
  assert.ok(Math.abs(found.at[0] - lon) < within, `${text}: ${found.at}`);
  assert.ok(Math.abs(found.at[1] - lat) < within, `${text}: ${found.at}`);
}

test("decimal degrees, latitude first unless it cannot be", () => {
  near("32.79, 130.75", 130.75, 32.79, "degrees");
  near("130.75 32.79", 130.75, 32.79, "degrees");
  near("３２．７９，１３０．７５", 130.75, 32.79, "degrees");
  near("-33.8568, 151.2153", 151.2153, -33.8568, "degrees");
  near("N32.79 E130.75", 130.75, 32.79, "degrees");
  near("32.79N, 130.75E", 130.75, 32.79, "degrees");
  near("北緯32.79度 東経130.75度", 130.75, 32.79, "degrees");
  near("12.5S 45W", -45, -12.5, "degrees");
});

test("degrees, minutes, seconds", () => {
  near(`32°47'24"N 130°45'00"E`, 130.75, 32.79, "degrees");
  near("32°47′24″, 130°45′00″", 130.75, 32.79, "degrees");
  near("32度47分24秒 130度45分0秒", 130.75, 32.79, "degrees");
  near("東経130度45分 北緯32度47分24秒", 130.75, 32.79, "degrees");
  near("32°47.4' 130°45.0'", 130.75, 32.79, "degrees");
});

test("UTM", () => {
  near("52S 663874.5 3629362.3", 130.75, 32.79, "utm");
  near("54S 388433mE 3949290mN", 139.7671, 35.6812, "utm");
  near("56H 334900.6 6252288.8", 151.2153, -33.8568, "utm");
});

test("MGRS, the middle of its square", () => {
  near("54SUE 88433 49290", 139.7671, 35.6812, "mgrs", 2e-5);
  near("54SUE8843349290", 139.7671, 35.6812, "mgrs", 2e-5);
  near("52SFB 6387 2936", 130.75, 32.79, "mgrs", 1e-4);
  near("56HLH 34900 52288", 151.2153, -33.8568, "mgrs", 2e-5);
});

test("grid squares of every size", () => {
  for (const code of ["4930", "493015", "49301560", "493015603", "4930156034", "49301560341"]) {
    const found = readCoordinates(code);
    assert.equal(found?.how, "mesh", code);
    assert.deepEqual(found?.box, meshCell(code));
  }
  assert.deepEqual(meshCell("5339-45"), meshCell("533945"));
  const [west = 0, south = 0, east = 0, north = 0] = meshCell("53394611") ?? [];
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  assert.deepEqual([west, south, east, north].map(round), [139.7625, 35.675, 139.775, 35.683333]);
});

test("what is no place is none", () => {
  const texts = ["断水", "", "32.79", "健軍1-2", "1 2 3", "95, 200", "4930156", "49308", "国道57号", "12-3",
    "52SFI 1 1", "61S 388433 3949290", "Bridge 12", "493015609"]; // prettier-ignore
  for (const text of texts) assert.equal(readCoordinates(text), null, text);
});
