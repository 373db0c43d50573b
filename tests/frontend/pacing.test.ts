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
  const reading = new PacedReading(async (unwanted) => {
    const mine = answers.length;
    await new Promise<void>((resolve) => answers.push(resolve));
    if (!unwanted.aborted) kept.push(mine);
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

test("who types or drags is answered once, and what was on its way is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const asked: AbortSignal[] = [];
  const reading = new PacedReading(async (unwanted) => {
    asked.push(unwanted);
    if (asked.length === 1) await new Promise(() => {});
  }, PACE);
  reading.now();
  for (let key = 0; key < 10; key++) {
    reading.settled(150);
    reading.soon();
    await after(100);
  }
  assert.deepEqual(
    asked.map(({ aborted }) => aborted),
    [true],
  );
  await after(50);
  assert.equal(asked.length, 2);
  mock.timers.reset();
});

test("what stands is behind from the asking until it has come, not while the world changes", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let isAway = false;
  const told: boolean[] = [];
  const reading = new PacedReading(async () => {
    if (isAway) throw new Error("away");
  }, PACE);
  reading.behind.changed((is) => told.push(is));
  reading.settled(150);
  await after(150);
  assert.deepEqual(told, [true, false]);
  isAway = true;
  reading.soon();
  await after(2_000);
  assert.deepEqual(told, [true, false]);
  reading.settled(150);
  await after(150);
  isAway = false;
  assert.deepEqual(told, [true, false, true]);
  await after(10_000);
  assert.deepEqual(told, [true, false, true, false]);
  mock.timers.reset();
});
