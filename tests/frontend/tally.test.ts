import assert from "node:assert/strict";
import { test } from "node:test";
import { splitByView } from "../../frontend/src/core/filter.ts";
import { isUrgent, NO_TALLY, tallied } from "../../frontend/src/core/tally.ts";
import { aReport } from "./examples.ts";

const VIEW = [130, 32, 131, 33] as const;

test("what is shown and what there is, by code, in one look", () => {
  const all = [
    aReport("a", { severity: "critical", category: "fire" }),
    aReport("b", { severity: "critical", category: "rescue", status: "verified" }),
    { ...aReport("c", { severity: "minor", category: "fire" }), geometry: null },
  ];
  const shown = all.slice(1);
  const tally = tallied(all, shown, splitByView(shown, VIEW));
  assert.deepEqual([tally.total, tally.shown], [3, 2]);
  assert.deepEqual(tally.of.severity.get("critical"), { shown: 1, all: 2 });
  assert.deepEqual(tally.of.category.get("fire"), { shown: 1, all: 2 });
  assert.equal(tally.of.status.get("resolved"), undefined);
  assert.deepEqual(tally.split, { inside: 1, outside: 0, placeless: 1 });
});

test("what nobody has counted yet is not none", () => {
  assert.equal(NO_TALLY.known, false);
  assert.equal(tallied([], [], splitByView([], VIEW)).known, true);
});

test("what waits is received and accepted by nobody, and the oldest says since when", () => {
  const all = [
    aReport("new", { received_at: "2016-04-16T03:00:00Z" }),
    aReport("old", { received_at: "2016-04-16T01:00:00Z" }),
    aReport("accepted", { received_at: "2016-04-16T00:00:00Z", accepted_at: "2016-04-16T00:05:00Z" }),
    aReport("verified", { received_at: "2016-04-16T00:00:00Z", status: "verified" }),
  ];
  const tally = tallied(all, [], splitByView([], VIEW));
  assert.equal(tally.waiting, 2);
  assert.equal(tally.oldestWaitingAt, Date.parse("2016-04-16T01:00:00Z"));
  assert.equal(tallied([], [], splitByView([], VIEW)).oldestWaitingAt, null);
});

test("a rescue is urgent until a named person accepts it, or until it is over", () => {
  const rescue = { category: "rescue", severity: "minor" };
  assert.equal(isUrgent(aReport("a", rescue)), true);
  assert.equal(isUrgent(aReport("a", { ...rescue, status: "verified" })), true);
  assert.equal(isUrgent(aReport("a", { category: "fire", severity: "critical" })), true);
  assert.equal(isUrgent(aReport("a", { ...rescue, accepted_at: "2016-04-16T00:05:00Z" })), false);
  assert.equal(isUrgent(aReport("a", { ...rescue, status: "duplicate" })), false);
  assert.equal(isUrgent(aReport("a", { category: "fire", severity: "serious" })), false);
});
