import assert from "node:assert/strict";
import { test } from "node:test";
import { Rereading } from "../../frontend/src/core/rereading.ts";

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("what changes while it is read is read once more, never beside it", async () => {
  let [reading, most, times] = [0, 0, 0];
  const list = new Rereading(
    async () => {
      reading += 1;
      most = Math.max(most, reading);
      await rest(5);
      reading -= 1;
      times += 1;
    },
    { every: 5, afterFailure: 5 },
  );
  for (let ring = 0; ring < 10; ring += 1) list.again();
  await rest(60);
  assert.deepEqual([most, times], [1, 2]);
});

test("a reading that failed is tried again by itself", async () => {
  let times = 0;
  const list = new Rereading(
    async () => {
      times += 1;
      if (times < 3) throw new Error("no network");
    },
    { every: 5, afterFailure: 5 },
  );
  list.again();
  await rest(60);
  assert.equal(times, 3);
});
