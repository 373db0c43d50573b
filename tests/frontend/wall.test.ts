import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../../frontend/src/core/report.ts";
import { Follower, HOLD_MS, STAY_MS, serious } from "../../frontend/src/core/wall.ts";

const T0 = Date.parse("2016-04-16T02:00:00+09:00");

function report(id: string, more: object = {}, min = 0): Report {
  const properties = {
    severity: "serious",
    category: "road_blocked",
    status: "received",
    received_at: new Date(T0 + min * 60_000).toISOString(),
    ...more,
  };
  return { type: "Feature", id, geometry: null, properties } as unknown as Report;
}

test("what is serious and open: unaccepted first, then the newest", () => {
  const all = [
    report("old", {}, 1),
    report("new", {}, 9),
    report("minor", { severity: "minor" }),
    report("done", { status: "resolved" }),
    report("rescue", { severity: "unknown", category: "rescue" }, 3),
    report("accepted", { severity: "critical", accepted_at: "2016-04-16T02:05:00+09:00" }, 5),
  ];
  assert.deepEqual(
    serious(all).map(({ id }) => id),
    ["rescue", "new", "accepted", "old"],
  );
});

const shown = (move: ReturnType<Follower["next"]>) =>
  move === null || move === "home" ? move : move.show.id;

test("goes to a serious one, holds it, then the next by severity, then home", () => {
  const follower = new Follower();
  follower.arrived([report("a"), report("minor", { severity: "minor" })]);
  assert.equal(shown(follower.next(T0)), "a");
  follower.arrived([report("b"), report("worst", { severity: "critical" }), report("b")]);
  assert.equal(follower.next(T0 + HOLD_MS - 1), null);
  assert.equal(shown(follower.next(T0 + HOLD_MS)), "worst");
  assert.equal(shown(follower.next(T0 + 2 * HOLD_MS)), "b");
  assert.equal(follower.next(T0 + 2 * HOLD_MS + STAY_MS - 1), null);
  assert.ok(follower.isBusy);
  assert.equal(shown(follower.next(T0 + 2 * HOLD_MS + STAY_MS)), "home");
  assert.equal(follower.next(T0 + 10 * STAY_MS), null);
  assert.ok(!follower.isBusy);
});

test("nothing is gone to that is no longer there; what vanishes while shown sends it home", () => {
  const follower = new Follower();
  follower.arrived([report("gone"), report("here")]);
  assert.equal(shown(follower.next(T0, (id) => id !== "gone")), "here");
  assert.equal(
    follower.next(T0 + 1_000, () => false),
    "home",
  );
});
