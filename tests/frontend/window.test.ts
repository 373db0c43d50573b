import assert from "node:assert/strict";
import { test } from "node:test";
import { isReport, type Report } from "../../frontend/src/core/report.ts";
import { Store } from "../../frontend/src/core/store.ts";
import { Window } from "../../frontend/src/core/window.ts";
import { aReport } from "./examples.ts";

function item(id: string, seq: number) {
  return { kind: "report", id, seq, version: 1, feature: aReport(id, { seq }) };
}

test("30,000 changes leave no more at hand than may be, and what is needed stays", () => {
  const [store, window] = [new Store<Report>("report", isReport), new Window(1_000)];
  window.need("map", ["r0", "r7"]);
  window.need("selected", ["r3"]);
  for (let n = 0; n < 30_000; n++) {
    store.apply([item(`r${n}`, n + 1)]);
    window.use([`r${n}`]);
    store.forget(window.excess());
    assert.ok(store.size <= 1_000, `${store.size} after ${n}`);
  }
  for (const id of ["r0", "r3", "r7", "r29999"]) assert.ok(store.get(id), id);
  assert.equal(store.get("r1"), null);
});

test("what somebody has just stopped looking at goes last", () => {
  const window = new Window(10);
  window.need("map", ["seen"]);
  window.use(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
  window.need("map", []);
  window.use(["j"]);
  assert.deepEqual(window.excess(), ["a", "b"]);
});

test("what was let go of comes again as it was, but never older", () => {
  const store = new Store<Report>("report", isReport);
  store.apply([item("a", 5)]);
  store.forget(["a"]);
  assert.equal(store.get("a"), null);
  assert.equal(store.apply([item("a", 4)]).added.length, 0, "an answer that was late");
  assert.equal(store.apply([item("a", 5)]).added.length, 1);
  store.apply([], [{ kind: "report", id: "a", seq: 6 }]);
  assert.equal(store.apply([item("a", 6)]).added.length, 0, "it is gone");
});
