import assert from "node:assert/strict";
import { test } from "node:test";
import { offsetAt } from "../../frontend/src/core/offset.ts";
import { isShown, worstByRow } from "../../frontend/src/publish/findings.ts";
import { progressWords } from "../../frontend/src/publish/progress.ts";
import { zipName } from "../../frontend/src/publish/shapefile.ts";

test("a row's mark shows the gravest of what was found there", () => {
  const worst = worstByRow([
    { row: 3, level: "repaired" },
    { row: 3, level: "refused" },
    { row: 3, level: "doubted" },
    { row: 4, level: "doubted" },
    { row: null, level: "refused" },
  ]);
  assert.deepEqual(
    [...worst],
    [
      [3, "refused"],
      [4, "doubted"],
    ],
  );
});

test("without a level everything is listed, with one only that", () => {
  assert.equal(isShown({ level: "repaired" }, ""), true);
  assert.equal(isShown({ level: "repaired" }, "repaired"), true);
  assert.equal(isShown({ level: "repaired" }, "doubted"), false);
});

test("progress is told with numbers as far as they are known", () => {
  const say = (done: number, total: number | null) =>
    progressWords({ step: "checking", done, total });
  assert.equal(say(32_000, 100_000), "Checking rows and places: 32,000 / 100,000 rows");
  assert.equal(say(32_000, null), "Checking rows and places: 32,000 rows");
  assert.equal(say(0, null), "Checking rows and places: …");
  assert.equal(progressWords(null), "Waiting for its turn…");
  assert.match(progressWords({ step: "a later one", done: 1, total: 2 }), /^Reading the file/);
});

test("the parts of one Shapefile belong together", () => {
  assert.equal(zipName(["道路.shp", "道路.shx", "道路.DBF", "道路.prj"]), "道路.zip");
  assert.equal(zipName(["a.shp", "a.shx", "a.dbf", "a.shp.xml", "a.cpg"]), "a.zip");
});

test("other files together are refused", () => {
  assert.equal(zipName(["a.csv", "b.csv"]), null);
  assert.equal(zipName(["a.shp", "a.shx"]), null, "without its table");
  assert.equal(zipName(["a.shp", "a.shx", "b.dbf"]), null, "of two Shapefiles");
  assert.equal(zipName(["a.shp", "a.shx", "a.dbf", "a.exe"]), null);
});

test("a time typed by hand is meant as the incident's clock shows it", () => {
  assert.equal(offsetAt("2016-04-16T09:30", "Asia/Tokyo"), "+09:00");
  assert.equal(offsetAt("2016-07-01T09:30", "Europe/Berlin"), "+02:00");
  assert.equal(offsetAt("2016-01-01T09:30", "UTC"), "+00:00");
});
