import assert from "node:assert/strict";
import { test } from "node:test";
import { Deeds } from "../../frontend/src/core/deeds.ts";
import type { Report } from "../../frontend/src/core/report.ts";
import { levelOf, nextUp, overdue } from "../../frontend/src/core/review.ts";
import { Ticks } from "../../frontend/src/core/ticks.ts";
import { aReport } from "./examples.ts";

const NOON = Date.parse("2016-04-16T12:00:00+09:00");
const MINUTE = 60_000;
const PATIENCE = { warn_min: 10, alarm_min: 30 };

function waiting(id: string, minutes: number, more: Partial<Report["properties"]> = {}): Report {
  const received_at = new Date(NOON - minutes * MINUTE).toISOString();
  const plain = { category: "road_blocked", severity: "moderate", accepted_at: null };
  return aReport(id, { ...plain, status: "received", received_at, ...more });
}

test("the level follows the age of the oldest that waits", () => {
  const level = (minutes: number) => levelOf(NOON - minutes * MINUTE, NOON, PATIENCE);
  assert.equal(levelOf(null, NOON, PATIENCE), "calm");
  assert.deepEqual([9.9, 10, 29.9, 30].map(level), ["calm", "warn", "warn", "alarm"]);
});

test("danger comes first, then the worst, then whoever waits longest", () => {
  const reports = [
    waiting("old", 50),
    waiting("serious", 1, { severity: "serious" }),
    waiting("rescue", 2, { category: "rescue", severity: "minor" }),
    waiting("older rescue", 3, { category: "rescue", severity: "minor" }),
    waiting("accepted", 90, { category: "rescue", accepted_at: "2016-04-16T03:00:00Z" }),
  ];
  assert.equal(nextUp(reports)?.id, "older rescue");
  assert.equal(nextUp(reports.slice(0, 2))?.id, "serious");
  assert.equal(nextUp([]), null);
});

test("what a colleague has open comes last, and comes all the same", () => {
  const [one, two] = [waiting("one", 5), waiting("two", 1)];
  assert.equal(nextUp([one, two], (id) => id === "one")?.id, "two");
  assert.equal(nextUp([one], () => true)?.id, "one");
});

test("only what has waited longer than the time set alarms, the oldest first", () => {
  const reports = [waiting("new", 2.9), waiting("old", 3), waiting("older", 9)];
  assert.deepEqual(
    overdue(reports, NOON, 180).map(({ id }) => id),
    ["older", "old"],
  );
});

test("a tick keeps the report as it was seen; the own change is no news", () => {
  const ticks = new Ticks();
  const seen = aReport("a", { version: 3 });
  const now = aReport("a", { version: 4 });
  ticks.toggle(seen);
  ticks.add([now]);
  assert.equal(ticks.chosen.value.get("a"), seen);
  assert.equal(
    ticks.overtaken(() => now),
    1,
  );
  ticks.saw(now);
  assert.equal(
    ticks.overtaken(() => now),
    0,
  );
  ticks.toggle(now);
  assert.equal(ticks.chosen.value.size, 0);
});

test("a range goes from the tick before, in either direction", () => {
  const listed = ["a", "b", "c", "d"].map((id) => aReport(id));
  const at = (index: number) => listed[index] as Report;
  const ticks = new Ticks();
  ticks.toggle(at(2));
  ticks.range(at(0), listed);
  assert.deepEqual([...ticks.chosen.value.keys()].sort(), ["a", "b", "c"]);
  ticks.range(at(3), listed);
  assert.equal(ticks.chosen.value.size, 4);
});

test("a range from nowhere is one tick", () => {
  const ticks = new Ticks();
  ticks.range(aReport("b"), [aReport("a"), aReport("b")]);
  assert.deepEqual([...ticks.chosen.value.keys()], ["b"]);
});

test("taking back waits for what is still on its way", async () => {
  const deeds = new Deeds();
  deeds.did({ words: "verified a", reports: [{ id: "a", version: 2 }] });
  let answer = () => {};
  const act = async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    deeds.did({ words: "rejected b", reports: [{ id: "b", version: 2 }] });
  };
  void deeds.during(act());
  const taken = deeds.settled().then(() => deeds.take()?.words);
  answer();
  assert.equal(await taken, "rejected b");
  await assert.rejects(deeds.during(Promise.reject(new Error("lost"))));
  await deeds.settled();
});

test("acts on one report wait for each other, those on others do not; a failed one ends its turn", async () => {
  const deeds = new Deeds();
  const said: string[] = [];
  let answer = () => {};
  const first = deeds.inTurn("a", () => new Promise<void>((resolve) => (answer = resolve)));
  const act = (words: string) => async () => void said.push(words);
  const second = deeds.inTurn("a", async () => {
    said.push("second");
    throw new Error("refused");
  });
  const third = deeds.inTurn("a", act("third"));
  await deeds.inTurn("b", act("other"));
  assert.deepEqual(said, ["other"]);
  answer();
  await first;
  await assert.rejects(second);
  await third;
  assert.deepEqual(said, ["other", "second", "third"]);
  await deeds.settled();
});

test("own changes are no crossing; as soon as somebody else had a hand in it, they are", () => {
  const deeds = new Deeds();
  deeds.did({ words: "accepted a", reports: [{ id: "a", version: 2 }] });
  deeds.made({ id: "a", version: 3 });
  assert.equal(deeds.isOwn("a", 1, 3), true);
  assert.equal(deeds.isOwn("a", 1, 4), false);
  deeds.made({ id: "a", version: 5 });
  assert.equal(deeds.isOwn("a", 3, 5), false);
  assert.equal(deeds.isOwn("b", 1, 2), false);
});
