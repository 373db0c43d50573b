import assert from "node:assert/strict";
import { test } from "node:test";
import { markPosition } from "../../frontend/src/core/geometry.ts";
import type { Desk } from "../../frontend/src/hq/desk.ts";
import { readNearReports } from "../../frontend/src/hq/here.ts";
import { aReport } from "./examples.ts";

test("what is around a point is known to be all only when no further page is left", async () => {
  const report = aReport("a");
  for (const cursor of [null, "more"]) {
    const get = async () => ({ features: [report], cursor });
    const desk = { page: { urls: { reports: "/reports" } }, api: { get } } as unknown as Desk;
    const { near, isPart } = await readNearReports(desk, markPosition(report.geometry) ?? []);
    assert.deepEqual([near.length, isPart], [1, cursor !== null]);
  }
});
