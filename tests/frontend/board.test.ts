import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, byNeed, columnOf, columns } from "../../frontend/src/core/board.ts";
import type { Report } from "../../frontend/src/core/report.ts";

const T0 = Date.parse("2016-04-16T02:00:00+09:00");
const iso = (min: number) => new Date(T0 + min * 60_000).toISOString();

function report(id: string, status: string, more: object = {}): Report {
  const properties = { status, severity: "serious", received_at: iso(0), ...more };
  return { type: "Feature", id, geometry: null, properties } as unknown as Report;
}

test("every report of the work has one column; what is out of it has none", () => {
  const of = (status: string) => columnOf(report("a", status));
  assert.deepEqual(["received", "verified", "in_progress", "resolved"].map(of), [
    "received",
    "verified",
    "in_progress",
    "resolved",
  ]);
  assert.equal(of("handed_over"), "in_progress");
  assert.deepEqual(["rejected", "duplicate", "withdrawn"].map(of), [null, null, null]);
  const all = ["received", "verified", "resolved", "rejected"].map((s, at) => report(`${at}`, s));
  const found = columns(all);
  assert.deepEqual(
    Object.values(found).map((cards) => cards.length),
    [1, 1, 0, 1],
  );
});

test("worst first, then what is due first, then what came first; without a time last", () => {
  const cards = [
    report("minor-late", "verified", { severity: "minor", due_at: iso(-60) }),
    report("no-time-old", "verified", { received_at: iso(-9) }),
    report("no-time", "verified"),
    report("due-late", "verified", { due_at: iso(10) }),
    report("due-soon", "verified", { due_at: iso(5) }),
    report("critical", "verified", { severity: "critical" }),
  ];
  const wanted = ["critical", "due-soon", "due-late", "no-time-old", "no-time", "minor-late"];
  for (const given of [cards, [...cards].reverse()]) {
    assert.deepEqual(
      [...given].sort(byNeed).map(({ id }) => id),
      wanted,
    );
  }
});

test("[ and ] go to the column beside, and stop at the ends", () => {
  assert.equal(beside("received", 1), "verified");
  assert.equal(beside("resolved", -1), "in_progress");
  assert.equal(beside("received", -1), null);
  assert.equal(beside("resolved", 1), null);
});
