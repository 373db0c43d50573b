import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Api } from "../../frontend/src/core/api.ts";
import { UrgentCounts } from "../../frontend/src/hq/urgent_counts.ts";

const START = Date.parse("2016-04-16T02:00:00Z");

async function after(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test("where a page holds a part, the server counts all and those that are late, again as time goes on", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: START });
  const asked: string[] = [];
  let [late, told] = [1_200, 0];
  const get = async (url: string) => {
    asked.push(url);
    return { total: url.includes("until") ? late : 1_234 };
  };
  const counts = new UrgentCounts({ get } as unknown as Api, "/counts", 180);
  counts.told.changed(() => {
    told += 1;
  });
  await after(60_000);
  assert.deepEqual([asked, counts.told.value], [[], null]);
  counts.turn(true);
  await after(0);
  assert.deepEqual(asked, [
    "/counts?urgent=1",
    "/counts?urgent=1&until=2016-04-16T01%3A58%3A00.000Z",
  ]);
  assert.deepEqual(counts.told.value, { all: 1_234, late: 1_200 });
  counts.turn(true);
  await after(1_000);
  assert.equal(asked.length, 2);
  await after(5_000);
  // the same once more is no news: an alarm would be said again
  assert.deepEqual([asked.length, told], [4, 1]);
  late = 1_201;
  await after(5_000);
  assert.deepEqual([told, counts.told.value], [2, { all: 1_234, late: 1_201 }]);
  counts.turn(false);
  await after(60_000);
  assert.deepEqual([asked.length, counts.told.value], [6, null]);
  mock.timers.reset();
});
