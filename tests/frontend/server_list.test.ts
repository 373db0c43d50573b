import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Behind } from "../../frontend/src/core/behind.ts";
import { contextAt, matches, NO_FILTER } from "../../frontend/src/core/filter.ts";
import { listQuery } from "../../frontend/src/core/list_query.ts";
import { Observable } from "../../frontend/src/core/observable.ts";
import { isReport, type Report } from "../../frontend/src/core/report.ts";
import { Store } from "../../frontend/src/core/store.ts";
import type { Desk } from "../../frontend/src/hq/desk.ts";
import { ServerList } from "../../frontend/src/hq/server_list.ts";
import { aReport } from "./examples.ts";

async function after(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function deskOf(get: () => Promise<unknown>) {
  const filter = new Observable(NO_FILTER);
  return {
    store: new Store<Report>("report", isReport),
    filter,
    context: new Observable(contextAt(0)),
    ownAreaOnly: new Observable(false),
    large: new Observable(true),
    feedAt: new Observable(0),
    behind: new Behind(),
    page: { urls: { reports: "/reports" } },
    api: { get },
    lets: (report: Report) => matches(report, filter.value),
  };
}

test("what the new filters do not let through hides at once, and what is to come is said", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  let isDown = false;
  const all = [aReport("a", { category: "fire" }), aReport("b", { category: "gas" })];
  const desk = deskOf(async () => {
    if (isDown) throw new TypeError("no connection");
    return { features: all };
  });
  const list = new ServerList(desk as unknown as Desk, () => listQuery(desk.filter.value));
  const shown = () => list.items.value.map(({ id }) => id);
  list.turn(true);
  assert.equal(desk.behind.any.value, true);
  await after(0);
  assert.deepEqual([shown(), desk.behind.any.value], [["a", "b"], false]);
  isDown = true;
  desk.filter.set({ ...NO_FILTER, hiddenCategories: new Set(["gas"]) });
  assert.deepEqual([shown(), desk.behind.any.value], [["a"], true]);
  await after(1_000);
  assert.deepEqual([shown(), desk.behind.any.value], [["a"], true]);
  isDown = false;
  await after(5_000);
  assert.equal(desk.behind.any.value, false);
  mock.timers.reset();
});
