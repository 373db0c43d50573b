import assert from "node:assert/strict";
import { test } from "node:test";
import { UNSENT } from "../../frontend/src/outbox/entry.ts";
import { allJobs, nextJob, nextTime } from "../../frontend/src/outbox/jobs.ts";
import { edit, NOON, photo, report } from "./outbox_builders.ts";

const NOW = { now: NOON, originals: true, freshSince: 0 };
const DONE = { ...UNSENT, state: "done" } as const;

function names(jobs: ReturnType<typeof allJobs>): string[] {
  return jobs.map((job) => {
    if (job.lane === "edit") return `edit ${job.edit.id}`;
    return `${job.lane} ${job.lane === "words" ? job.entry.id : job.photo.id}`;
  });
}

test("words go before previews before originals, the oldest first", () => {
  const sent = (id: string, at: number) =>
    report(id, { createdAt: at, words: DONE, photos: [photo(`p${id}`, { preview: UNSENT })] });
  const entries = [sent("b", NOON - 1), sent("a", NOON - 2), report("c", { createdAt: NOON })];
  assert.deepEqual(names(allJobs(entries, [], NOW)), [
    "words c",
    "preview pa",
    "preview pb",
    "original pa",
    "original pb",
  ]);
});

test("a rescue goes ahead of the whole queue and waits for no better position", () => {
  const old = report("old", { createdAt: NOON - 9_000 });
  const rescue = report("rescue", {
    content: { ...report("x").content, category: "rescue" },
    holdUntil: NOON + 15_000,
  });
  const job = nextJob([old, rescue], [], NOW);
  assert.equal(job?.lane === "words" && job.entry.id, "rescue");
});

test("words wait for the better position until its time is over", () => {
  const held = report("a", { holdUntil: NOON + 15_000 });
  assert.equal(nextJob([held], [], NOW), null);
  assert.equal(nextTime([held], [], NOW), NOON + 15_000);
  assert.notEqual(nextJob([held], [], { ...NOW, now: NOON + 15_000 }), null);
});

test("drafts, and reports without an incident, are not sent", () => {
  const entries = [report("a", { folder: "draft" }), report("b", { incident: null })];
  assert.equal(nextJob(entries, [], NOW), null);
});

test("what needs attention is passed over, the others go on", () => {
  const stuck = report("a", { createdAt: 1, words: { ...UNSENT, state: "attention" } });
  assert.deepEqual(names(allJobs([stuck, report("b")], [], NOW)), ["words b"]);
});

test("an edit follows its report, and an added photo follows its edit", () => {
  const added = photo("p", { announcedBy: "e" });
  const entry = report("a", { photos: [added] });
  assert.deepEqual(names(allJobs([entry], [edit("e", "a")], NOW)), ["words a"]);
  const sent = { ...entry, words: DONE };
  assert.deepEqual(names(allJobs([sent], [edit("e", "a")], NOW)), ["edit e"]);
  assert.deepEqual(names(allJobs([sent], [], NOW)), ["original p"]);
});

test("an edit of a report that this phone no longer keeps is sent", () => {
  assert.deepEqual(names(allJobs([], [edit("e", "elsewhere")], NOW)), ["edit e"]);
});

test("originals can be held; the small picture of one that arrived is not sent", () => {
  const waiting = photo("p", { preview: UNSENT });
  const arrived = photo("q", { preview: UNSENT, original: DONE });
  const entry = report("a", { words: DONE, photos: [waiting, arrived] });
  assert.deepEqual(names(allJobs([entry], [], { originals: false })), ["preview p"]);
});

test("waiting times hold a job back until something says that it may go now", () => {
  const tried = report("a", { words: { ...UNSENT, lastAt: NOON - 10, nextAt: NOON + 60_000 } });
  assert.equal(nextJob([tried], [], NOW), null);
  assert.equal(nextTime([tried], [], NOW), NOON + 60_000);
  assert.notEqual(nextJob([tried], [], { ...NOW, freshSince: NOON - 5 }), null);
});
