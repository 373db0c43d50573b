import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Api } from "../../frontend/src/core/api.ts";
import { hasNew } from "../../frontend/src/core/review.ts";
import { UrgentWatch } from "../../frontend/src/hq/urgent_watch.ts";
import { aReport } from "./examples.ts";

const START = Date.parse("2016-04-16T02:00:00+09:00");

async function after(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test("an alarm that cannot be read says so after three tries, and since when; once, not twice at once", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: START });
  Object.assign(globalThis, { document: { addEventListener: () => {}, hidden: false } });
  let [isDown, asked] = [false, 0];
  const get = async () => {
    asked += 1;
    if (isDown) throw new TypeError("no connection");
    return { features: [aReport("a")] };
  };
  const watch = new UrgentWatch("/reports", { get } as unknown as Api);
  await after(0);
  assert.deepEqual([asked, watch.urgent.value.length, watch.unread.value], [1, 1, null]);
  isDown = true;
  await after(10_000);
  await after(10_000);
  assert.deepEqual([watch.urgent.value.length, watch.unread.value], [1, null]);
  for (let n = 0; n < 3; n++) await after(10_000);
  assert.equal(watch.unread.value, START);
  isDown = false;
  for (let n = 0; n < 6; n++) await after(10_000);
  assert.equal(watch.unread.value, null);
  mock.timers.reset();
});

test("one accepted and another late in the same second is a new one; one less is none", () => {
  const [a, b] = [aReport("a"), aReport("b")];
  assert.equal(hasNew([b], [a]), true);
  assert.equal(hasNew([a], [a, b]), false);
  assert.equal(hasNew([], [a]), false);
});
