import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Observable } from "../../frontend/src/core/observable.ts";
import type { Report } from "../../frontend/src/core/report.ts";
import { ringUntilAccepted } from "../../frontend/src/hq/pinned_tone.ts";
import { aReport } from "./examples.ts";

const START = Date.parse("2016-04-16T02:00:00Z");

/** later: how often it has rung in all, so many seconds from now. */
function desk(until: number | null) {
  mock.timers.enable({ apis: ["setInterval", "Date"], now: START });
  const urgent = new Observable<readonly Report[]>([]);
  let rung = 0;
  ringUntilAccepted(urgent, { until, ring: () => void (rung += 1) });
  const later = (seconds: number) => {
    for (let n = 0; n < seconds; n++) mock.timers.tick(1_000);
    return rung;
  };
  return { urgent, later };
}

function came(id: string): Report {
  return aReport(id, { received_at: new Date().toISOString() });
}

test("whoever is pinned is heard on arrival, then each minute until the alarm rings", () => {
  const { urgent, later } = desk(180);
  assert.equal(later(600), 0);
  const first = came("a");
  urgent.set([first]);
  assert.deepEqual([later(0), later(59), later(1), later(60)], [1, 1, 2, 3]);
  // late from the third minute on: the alarm's, also while somebody telephones
  assert.deepEqual([later(60), later(300)], [3, 3]);
  urgent.set([first, came("b")]);
  assert.equal(later(0), 4);
  mock.timers.reset();
});

test("accepted is silent at once; another one begins anew", () => {
  const { urgent, later } = desk(180);
  urgent.set([came("a")]);
  assert.equal(later(50), 1);
  urgent.set([]);
  assert.equal(later(60), 1);
  urgent.set([came("b")]);
  assert.deepEqual([later(59), later(1)], [2, 3]);
  mock.timers.reset();
});

test("where there is no alarm, the tone goes on", () => {
  const { urgent, later } = desk(null);
  urgent.set([came("a")]);
  assert.equal(later(600), 11);
  mock.timers.reset();
});
