import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { Frame, Gone, Item } from "../../frontend/src/core/frames.ts";
import type { Box } from "../../frontend/src/outbox/box.ts";
import { catchUp, knownIn, LANE, type LaneHost } from "../../frontend/src/phone/lane/lane.ts";
import { countOf, isForHere, newsIn, newsOf, OLD_FIX_MS } from "../../frontend/src/phone/lane/news.ts";
import {
  type Broadcast,
  broadcastsOf,
  type Known,
  learned,
  type Note,
  notesOf,
  relearned,
  reportOf,
  reportsOf,
  withChanges,
} from "../../frontend/src/phone/lane/own.ts";
import { edit, NOON, newBox } from "./outbox_builders.ts";

const NOTHING: Known = new Map();
const UNSEEN = { reports: {}, broadcasts: {} };

function frame(to: number, items: Item[] = [], more: Partial<Frame> = {}): Frame {
  return { epoch: "e1", from: 0, to, head: to, items, gone: [], more: false, ...more };
}

function report(id: string, seq: number, more: Record<string, unknown> = {}): Item {
  const said = { receipt: "AB2CD3", status: "received", category: "rescue", severity: "critical" };
  const times = { received_at: "2026-07-28T03:00:00Z", version: seq, seq };
  const properties = { ...said, ...times, ...more };
  return { kind: "report", id, seq, feature: { type: "Feature", id, geometry: null, properties } };
}

function note(id: string, seq: number, kind: Note["kind"], minute: number): Item {
  const created_at = `2026-07-28T04:${String(minute).padStart(2, "0")}:00Z`;
  return {
    kind: "note",
    id,
    seq,
    feature: { id, report: "a", kind, text: id, author: "HQ", created_at },
  };
}

function broadcast(id: string, seq: number, more: Partial<Broadcast> = {}): Item {
  const said = { id, incident: "quake", kind: "tsunami", text: "Run", area: null, author: "HQ" };
  const feature = { ...said, created_at: "2026-07-28T03:00:00Z", read_at: null, ...more };
  return { kind: "broadcast", id, seq, feature };
}

function told(known: Known, next: Frame, now = NOON): Known {
  return withChanges(known, learned(known, next, now));
}

function gone(kind: string, id: string, seq: number): Gone {
  return { kind, id, seq };
}

test("the higher seq wins, and twice is harmless", () => {
  const old = frame(5, [report("a", 5)]);
  const next = frame(9, [report("a", 9, { status: "verified" })]);
  const known = told(told(NOTHING, old), next);
  assert.equal(learned(known, next, NOON).size, 0);
  assert.equal(learned(known, old, NOON).size, 0);
  assert.equal(reportOf(known, "a")?.report?.properties.status, "verified");
});

test("each step is remembered with the time at which this phone heard of it", () => {
  let known = told(NOTHING, frame(1, [report("a", 1)]), 1_000);
  known = told(known, frame(2, [report("a", 2, { comment: "photo came" })]), 2_000);
  known = told(known, frame(3, [report("a", 3, { accepted_at: "2026-07-28T03:01:00Z" })]), 3_000);
  assert.deepEqual(reportOf(known, "a")?.heard, [
    { at: 1_000, status: "received", accepted: false },
    { at: 3_000, status: "received", accepted: true },
  ]);
});

test("of an erased report nothing but the fact stays, and its notes go with it", () => {
  const before = told(NOTHING, frame(2, [report("a", 1), note("q", 2, "question", 0)]));
  const known = told(
    before,
    frame(4, [], { gone: [gone("report", "a", 4), gone("note", "q", 3)] }),
  );
  assert.equal(reportOf(known, "a")?.report, null);
  assert.equal(reportOf(known, "a")?.goneAt, NOON);
  assert.deepEqual(notesOf(known, "a"), []);
  assert.deepEqual(reportsOf(known), []);
});

test("a broadcast that no longer holds keeps its words and asks nobody any more", () => {
  const before = told(NOTHING, frame(1, [broadcast("b", 1)]));
  const known = told(before, frame(2, [], { gone: [gone("broadcast", "b", 2)] }));
  assert.equal(broadcastsOf(known)[0]?.text, "Run");
  assert.equal(newsIn(known, UNSEEN, []).broadcasts.length, 0);
});

test("a new history replaces the old one, whatever its numbers, but not what was heard", () => {
  const before = told(NOTHING, frame(90, [report("a", 90), report("lost", 80)]), 1_000);
  const snapshot = frame(7, [report("a", 3, { status: "resolved" })], { epoch: "e2" });
  const known = withChanges(before, relearned(before, [snapshot], 2_000));
  assert.equal(reportOf(known, "a")?.report?.properties.status, "resolved");
  assert.equal(reportOf(known, "a")?.heard.length, 2);
  assert.equal(reportOf(known, "lost"), null);
});

test("what goes while the history is read does not come back", () => {
  const pages = [
    frame(1, [report("a", 1), broadcast("b", 1)], { more: true }),
    frame(2, [], { gone: [gone("report", "a", 2)] }),
  ];
  const known = withChanges(NOTHING, relearned(NOTHING, pages, NOON));
  assert.equal(reportOf(known, "a")?.report, null);
  assert.equal(broadcastsOf(known).length, 1);
});

// --- news --------------------------------------------------------------------------------------
test("a question is open until an answer follows it, also one that still waits here", () => {
  const asked = told(NOTHING, frame(2, [report("a", 1), note("q", 2, "question", 0)]));
  assert.deepEqual(
    newsIn(asked, UNSEEN, []).questions.map(({ id }) => id),
    ["q"],
  );
  const waiting = edit("e", "a", { kind: "answer" });
  assert.deepEqual(newsIn(asked, UNSEEN, [waiting]).questions, []);
  const refused = { ...waiting, delivery: { ...waiting.delivery, state: "attention" as const } };
  assert.equal(newsIn(asked, UNSEEN, [refused]).questions.length, 1);
  const answered = told(asked, frame(3, [note("x", 3, "answer", 1)]));
  assert.deepEqual(newsIn(answered, UNSEEN, []).questions, []);
  const again = told(answered, frame(4, [note("q2", 4, "question", 2)]));
  assert.deepEqual(
    newsIn(again, UNSEEN, []).questions.map(({ id }) => id),
    ["q2"],
  );
});

test("the badge counts what headquarters did since it was looked at, each report once", () => {
  const quiet = told(NOTHING, frame(1, [report("a", 1), report("w", 1, { status: "withdrawn" })]));
  assert.equal(countOf(newsIn(quiet, UNSEEN, [])), 0);
  const moved = report("a", 5, { status: "in_progress" });
  const known = told(quiet, frame(6, [moved, note("q", 6, "question", 0), broadcast("b", 6)]));
  assert.equal(countOf(newsIn(known, UNSEEN, [])), 2);
  const here = reportOf(known, "a")?.report;
  assert.ok(here);
  const seen = { reports: { a: newsOf(here) }, broadcasts: { b: "2026-07-28T03:00:05Z" } };
  assert.equal(countOf(newsIn(known, seen, [])), 1);
  assert.equal(countOf(newsIn(known, seen, [edit("e", "a", { kind: "answer" })])), 0);
  const rejected = told(known, frame(7, [report("a", 7, { status: "rejected", reason: "twice" })]));
  assert.equal(newsIn(rejected, seen, []).changed.has("a"), true);
});

test("a broadcast for an area stands up where the phone may be in it, or nobody knows", () => {
  const square = {
    type: "Polygon",
    coordinates: [
      [
        [130, 32],
        [131, 32],
        [131, 33],
        [130, 33],
        [130, 32],
      ],
    ],
  };
  const [one] = broadcastsOf(
    told(NOTHING, frame(1, [broadcast("b", 1, { area: square as never })])),
  );
  assert.ok(one);
  const at = (lon: number, age = 0, accuracy_m = 20) => ({
    lon,
    lat: 32.5,
    accuracy_m,
    fixed_at: new Date(NOON - age).toISOString(),
  });
  assert.equal(isForHere(one, at(130.5), NOON), true);
  assert.equal(isForHere(one, at(131.5), NOON), false);
  assert.equal(isForHere(one, at(131.5, OLD_FIX_MS + 1), NOON), true);
  assert.equal(isForHere(one, at(131.01, 0, 2_000), NOON), true);
  assert.equal(isForHere(one, null, NOON), true);
  assert.equal(isForHere({ ...one, area: null }, at(0), NOON), true);
});

// --- the box and the service -------------------------------------------------------------------
let box: Box;

beforeEach(async () => {
  box?.close();
  box = await newBox();
});

after(() => box.close());

/** A service that answers with these frames, one after another, and notes what it was asked. */
function serving(...frames: Frame[]): { host: LaneHost; asked: string[] } {
  const asked: string[] = [];
  const host: LaneHost = {
    now: () => NOON,
    changes: async (since, epoch) => {
      asked.push(`${since} ${epoch}`.trim());
      const next = frames.shift();
      if (!next) throw new TypeError("no network");
      return next;
    },
  };
  return { host, asked };
}

test("the lane is read to its end and goes on from there, also in a new page", async () => {
  const first = serving(frame(3, [report("a", 3)], { more: true }), frame(8, [report("b", 8)]));
  await catchUp(box, "d", first.host);
  assert.deepEqual(first.asked, ["0", "3 e1"]);
  const second = serving(frame(12, [note("q", 12, "question", 0)]));
  await catchUp(box, "d", second.host);
  assert.deepEqual(second.asked, ["8 e1"]);
  assert.deepEqual([...(await knownIn(box)).keys()].sort(), ["note/q", "report/a", "report/b"]);
});

test("a reset begins anew and forgets what the new history does not have", async () => {
  await catchUp(box, "d", serving(frame(9, [report("a", 9), report("lost", 8)])).host);
  const reset = frame(2, [], { epoch: "e2", reset: true });
  const next = serving(reset, frame(2, [report("a", 2)], { epoch: "e2" }));
  await catchUp(box, "d", next.host);
  assert.deepEqual(next.asked, ["9 e1", "0"]);
  assert.deepEqual([...(await knownIn(box)).keys()], ["report/a"]);
  assert.deepEqual(await box.kept(LANE), { device: "d", epoch: "e2", cursor: 2 });
});

test("another device reads its own lane, not on from the other's", async () => {
  await catchUp(box, "d", serving(frame(9, [report("a", 9)])).host);
  const other = serving(frame(9, [report("b", 5)]));
  await catchUp(box, "another", other.host);
  assert.deepEqual(other.asked, ["0"]);
  assert.deepEqual([...(await knownIn(box)).keys()], ["report/b"]);
});

test("cut in the middle of a history, what was known stays and the next try begins anew", async () => {
  await catchUp(box, "d", serving(frame(9, [report("a", 9)])).host);
  const reset = frame(4, [], { epoch: "e2", reset: true });
  const cut = serving(reset, frame(2, [report("b", 2)], { epoch: "e2", more: true }));
  await assert.rejects(catchUp(box, "d", cut.host));
  assert.deepEqual([...(await knownIn(box)).keys()], ["report/a"]);
});

test("histories that end again and again do not turn for ever", async () => {
  const reset = frame(4, [], { reset: true });
  const turning = serving(
    ...Array.from({ length: 20 }, (_, at) => (at % 2 ? reset : frame(1, [], { more: true }))),
  );
  await catchUp(box, "d", turning.host);
  assert.equal(turning.asked.length, 6);
});
