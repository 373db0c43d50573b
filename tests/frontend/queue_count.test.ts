import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Api } from "../../frontend/src/core/api.ts";
import { QueueCount } from "../../frontend/src/hq/queue_count.ts";

const START = Date.parse("2016-04-16T02:00:00Z");

async function after(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test("a page beside the desk counts the own queue again and again; a failure takes nothing away", async () => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: START });
  Object.assign(globalThis, { document: { addEventListener: () => {}, hidden: false } });
  const asked: string[] = [];
  let [isDown, waiting] = [false, 2];
  const get = async (url: string) => {
    asked.push(url);
    if (isDown) throw new TypeError("no connection");
    return { waiting, oldest_waiting_at: waiting ? "2016-04-16T01:50:00Z" : null };
  };
  const { told } = new QueueCount({ get } as unknown as Api, "/counts", ["431001", "434442"]);
  assert.equal(told.value.known, false);
  await after(0);
  assert.deepEqual(asked, ["/counts?area=431001%2C434442%2C-"]);
  const two = { known: true, waiting: 2, oldestWaitingAt: START - 600_000 };
  assert.deepEqual(told.value, two);
  [isDown, waiting] = [true, 0];
  await after(10_000);
  assert.deepEqual([asked.length, told.value], [2, two]);
  isDown = false;
  for (let n = 0; n < 3; n++) await after(10_000);
  assert.deepEqual(told.value, { known: true, waiting: 0, oldestWaitingAt: null });
  mock.timers.reset();
});

test("without an own area everything is counted", async () => {
  const asked: string[] = [];
  const get = async (url: string) => void asked.push(url);
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  new QueueCount({ get } as unknown as Api, "/counts", []);
  // what follows an answer must not be left to real timers, which never end
  await after(0);
  assert.deepEqual(asked, ["/counts?"]);
  mock.timers.reset();
});
