import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { PacedReading } from "../../frontend/src/core/pacing.ts";

const PACE = { everyMs: 2_000, restTimes: 5, afterFailureMs: 5_000 };

/** Lets promises run that wait for nothing else. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function after(ms: number): Promise<void> {
  mock.timers.tick(ms);
  await settle();
}

test("the world changes often and is read every 2 s; a person is answered at once", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let read = 0;
  const reading = new PacedReading(async () => void (read += 1), PACE);
  reading.now();
  await settle();
  for (let n = 0; n < 50; n++) reading.soon();
  await after(1_900);
  assert.equal(read, 1);
  await after(100);
  assert.equal(read, 2);
  reading.now();
  await settle();
  assert.equal(read, 3);
  mock.timers.reset();
});

test("what was asked for otherwise is dropped, however late it comes", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const answers: (() => void)[] = [];
  const kept: number[] = [];
  const reading = new PacedReading(async (isCurrent) => {
    const mine = answers.length;
    await new Promise<void>((resolve) => answers.push(resolve));
    if (isCurrent()) kept.push(mine);
  }, PACE);
  reading.now();
  reading.now();
  answers[1]?.();
  answers[0]?.();
  await settle();
  assert.deepEqual(kept, [1]);
  mock.timers.reset();
});

test("a failure is tried again, later each time, and a busy server asked less", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let [tries, takes] = [0, 0];
  const reading = new PacedReading(async () => {
    tries += 1;
    if (tries < 3) throw new Error("away");
    mock.timers.tick(takes);
  }, PACE);
  reading.now();
  await settle();
  await after(5_000);
  assert.equal(tries, 2);
  await after(5_000);
  assert.equal(tries, 2);
  await after(5_000);
  assert.equal(tries, 3);
  takes = 1_000;
  reading.now();
  await settle();
  reading.soon();
  await after(3_900);
  assert.equal(tries, 4);
  await after(1_200);
  assert.equal(tries, 5);
  mock.timers.reset();
});
