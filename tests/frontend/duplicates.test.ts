/** Which of two reports stays when they are merged. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isMerged, staying } from "../../frontend/src/core/duplicates.ts";
import type { Report } from "../../frontend/src/core/report.ts";

function report(id: string, received_at: string, status = "received"): Report {
  const properties = { status, received_at } as Report["properties"];
  return { type: "Feature", id, geometry: null, properties };
}

const early = report("a", "2016-04-16T03:00:00+00:00");
const late = report("b", "2016-04-16T03:05:00+00:00");

test("the earlier one stays: it has been worked on", () => {
  assert.equal(staying(early, late, new Set()), early);
  assert.equal(staying(late, early, new Set()), early);
});

test("one that others are merged into stays, however late it came", () => {
  assert.equal(staying(early, late, new Set(["b"])), late);
  assert.equal(staying(early, late, new Set(["a", "b"])), early);
});

test("a merged report is known by its status", () => {
  assert.equal(isMerged(report("c", "", "duplicate")), true);
  assert.equal(isMerged(early), false);
});
