import "../../frontend/node_modules/fake-indexeddb/auto/index.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Box } from "../../frontend/src/outbox/box.ts";
import {
  contentOf,
  countOf,
  hasAnswers,
  NO_ANSWERS,
  wrongNumbers,
} from "../../frontend/src/phone/facility/situation_draft.ts";
import { SituationKeeper } from "../../frontend/src/phone/facility/situation_keeper.ts";

const GYM = { layer: "shelters", feature: "gym", name: "Gym" };

test("blank is not reported, zero is zero, and digits may be wide", () => {
  assert.equal(countOf(""), null);
  assert.equal(countOf(undefined), null);
  assert.equal(countOf(" "), null);
  assert.equal(countOf("0"), 0);
  assert.equal(countOf("１２０"), 120);
  assert.equal(countOf("1,200 人"), 1200);
  for (const wrong of ["about 20", "-1", "1.5", "20-30", "1000001"]) {
    assert.equal(countOf(wrong), undefined, wrong);
  }
});

test("what was not answered is null", () => {
  const draft = { ...NO_ANSWERS, numbers: { persons: "0", households: "" } };
  const content = contentOf(draft, GYM, Date.parse("2026-07-28T12:00:00Z"));
  assert.equal(content.persons, 0);
  assert.equal(content.households, null);
  assert.equal(content.operation, null);
  assert.equal(content.captured_at, "2026-07-28T12:00:00.000Z");
});

test("the time of the look wins over the time of recording", () => {
  const content = contentOf({ ...NO_ANSWERS, at: "2026-07-28T03:00:00.000Z" }, GYM, Date.now());
  assert.equal(content.captured_at, "2026-07-28T03:00:00.000Z");
});

test("an empty form says nothing, a zero does", () => {
  assert.equal(hasAnswers(NO_ANSWERS), false);
  assert.equal(hasAnswers({ ...NO_ANSWERS, note: "  " }), false);
  assert.equal(hasAnswers({ ...NO_ANSWERS, numbers: { persons: "0" } }), true);
  assert.deepEqual(wrongNumbers({ ...NO_ANSWERS, numbers: { persons: "x" } }), ["persons"]);
});

test("of many keys pressed at once the last one is kept, one form a facility", async () => {
  const box = new Box();
  const gym = new SituationKeeper(box, "shelters", "gym");
  const typed = "stove broken";
  const writes = [...typed].map((_, n) => gym.keep({ ...NO_ANSWERS, note: typed.slice(0, n + 1) }));
  await Promise.all(writes);
  assert.equal((await new SituationKeeper(box, "shelters", "gym").recall()).note, typed);
  assert.deepEqual(await new SituationKeeper(box, "shelters", "hall").recall(), NO_ANSWERS);
  await gym.keep(null);
  assert.deepEqual(await gym.recall(), NO_ANSWERS);
  box.close();
});
