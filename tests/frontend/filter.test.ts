import assert from "node:assert/strict";
import { test } from "node:test";
import { countBy, hangsOnContext, matches, NO_FILTER, splitByView } from "../../frontend/src/core/filter.ts";
import { inOrder } from "../../frontend/src/core/sort_key.ts";
import { aReport } from "./examples.ts";

test("rejected, merged and withdrawn reports are hidden at first", () => {
  for (const status of ["rejected", "duplicate", "withdrawn"]) {
    assert.equal(matches(aReport("a", { status }), NO_FILTER), false);
  }
  assert.equal(matches(aReport("a", { status: "resolved" }), NO_FILTER), true);
});

test("a category added to the vocabulary later is shown", () => {
  const filter = { ...NO_FILTER, hiddenCategories: new Set(["fire"]) };
  assert.equal(matches(aReport("a", { category: "volcano_ash" }), filter), true);
  assert.equal(matches(aReport("a", { category: "fire" }), filter), false);
});

test("every word must be found, whatever its width and case", () => {
  const report = aReport("a", { receipt: "K7M2P4", comment: "県道７号" });
  assert.equal(matches(report, { ...NO_FILTER, words: "k7m 7号" }), true);
  assert.equal(matches(report, { ...NO_FILTER, words: "7号 橋" }), false);
});

test("looking back shows what had been received by then", () => {
  const report = aReport("a", { received_at: "2016-04-16T00:00:00Z" });
  const at = (time: string) => ({ ...NO_FILTER, until: Date.parse(time) });
  assert.equal(matches(report, at("2016-04-16T00:00:00.001Z")), true);
  assert.equal(matches(report, at("2016-04-16T00:00:00Z")), false, "as `until` of the server");
});

test("some filters let through others as time passes and as this person looks", () => {
  for (const part of [{ recentH: 1 }, { due: "overdue" as const }, { unseen: true }]) {
    assert.equal(hangsOnContext({ ...NO_FILTER, ...part }), true);
  }
  assert.equal(hangsOnContext({ ...NO_FILTER, until: 0, waiting: true }), false);
});

test("worst first, newest first among equals", () => {
  const reports = [
    aReport("old", { severity: "serious", received_at: "2016-04-16T00:00:00Z" }),
    aReport("new", { severity: "serious", received_at: "2016-04-16T01:00:00+00:00" }),
    aReport("worst", { severity: "critical", received_at: "2016-04-15T00:00:00Z" }),
    aReport("odd", { severity: "of tomorrow" }),
  ];
  const ids = inOrder(reports, "severity").map((report) => report.id);
  assert.deepEqual(ids, ["worst", "new", "old", "odd"]);
  assert.equal(inOrder(reports, "newest").at(-1)?.id, "worst");
});

test("inside, outside and without a place add up to all", () => {
  const here = aReport("here");
  const gone = { ...here, id: "far", geometry: { type: "Point" as const, coordinates: [141, 43] } };
  const line = {
    ...here,
    id: "across",
    geometry: { type: "LineString" as const, coordinates: [[130, 32.7], [132, 32.9]] },
  };
  const none = { ...here, id: "none", geometry: null };
  const split = splitByView([here, gone, line, none], [130.7, 32.7, 130.8, 32.9]);
  const ids = (reports: readonly { id: string }[]) => reports.map((report) => report.id);
  assert.deepEqual(ids(split.inside), ["here", "across"]);
  assert.deepEqual([ids(split.outside), ids(split.placeless)], [["far"], ["none"]]);
});

test("counts by value", () => {
  const reports = [aReport("a"), aReport("b"), aReport("c", { severity: "minor" })];
  assert.deepEqual([...countBy(reports, "severity")], [["serious", 2], ["minor", 1]]);
});

test("who may not read to whom a report is assigned finds none of nobody's", () => {
  const filter = { ...NO_FILTER, assigned: "-" };
  assert.equal(matches(aReport("a", { assigned_to: null }), filter), true);
  const { assigned_to: _, ...hidden } = aReport("a").properties;
  assert.equal(matches({ ...aReport("a"), properties: hidden }, filter), false);
});
