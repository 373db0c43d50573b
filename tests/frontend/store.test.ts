import assert from "node:assert/strict";
import { test } from "node:test";
import { isReport, type Report } from "../../frontend/src/core/report.ts";
import { Store } from "../../frontend/src/core/store.ts";
import { aReport, exampleFrame, exampleReport } from "./examples.ts";

const ID = exampleReport().id;

function reports(): Store<Report> {
  return new Store("report", isReport);
}

function item(id: string, seq: number, status = "received") {
  return { kind: "report", id, seq, feature: aReport(id, { status, seq }) };
}

test("it keeps whole features", () => {
  const store = reports();
  const change = store.apply(exampleFrame("report").items);
  assert.deepEqual(change.added, [exampleReport()]);
  assert.deepEqual(store.get(ID), exampleReport());
});

test("twice is harmless and tells nobody", () => {
  const store = reports();
  store.apply([item("a", 5)]);
  let told = 0;
  store.changed(() => {
    told += 1;
  });
  store.apply([item("a", 5)]);
  assert.equal(told, 0);
  assert.equal(store.size, 1);
});

test("the higher seq wins in whatever order they come", () => {
  const store = reports();
  store.apply([item("a", 7, "verified")]);
  store.apply([item("a", 6, "received")]);
  assert.equal(store.get("a")?.properties.status, "verified");
  assert.equal(store.apply([item("a", 8, "resolved")]).updated.length, 1);
});

test("what is gone stays gone for older items and returns with newer ones", () => {
  const store = reports();
  store.apply([item("a", 5)]);
  assert.deepEqual(store.apply([], [{ kind: "report", id: "a", seq: 9 }]).removed, ["a"]);
  store.apply([item("a", 8)]);
  assert.equal(store.get("a"), null);
  store.apply([item("a", 10)]);
  assert.equal(store.size, 1);
});

test("what was let go of and is then erased is told to whoever lists it", () => {
  const store = reports();
  store.apply([item("a", 5)]);
  store.forget(["a"]);
  const gone = [{ kind: "report", id: "a", seq: 9 }];
  assert.deepEqual(store.apply([], gone).removed, ["a"]);
  assert.deepEqual(store.apply([], gone).removed, []);
});

test("gone of something newer than the removal does not remove", () => {
  const store = reports();
  store.apply([item("a", 9)]);
  assert.deepEqual(store.apply([], [{ kind: "report", id: "a", seq: 8 }]).removed, []);
  assert.equal(store.size, 1);
});

test("gone of another kind with the same id is not ours", () => {
  const store = reports();
  store.apply([item("a", 5)]);
  store.apply([], [{ kind: "feature", id: "a", seq: 9 }]);
  assert.equal(store.size, 1);
});

test("other kinds and foreign shapes are ignored", () => {
  const store = reports();
  for (const name of ["layer", "feature", "incident", "note"]) store.apply(exampleFrame(name).items);
  store.apply([{ kind: "report", id: "x", seq: 1, feature: null }]);
  assert.equal(store.size, 0);
});

test("a snapshot replaces everything, also when another epoch counts lower", () => {
  const store = reports();
  store.apply([item("a", 900), item("b", 901)]);
  const change = store.replace([item("b", 3, "verified"), item("c", 4)]);
  assert.deepEqual(change.removed, ["a"]);
  assert.deepEqual(change.added.map((report) => report.id), ["c"]);
  assert.deepEqual(change.updated.map((report) => report.id), ["b"]);
  assert.equal(store.get("b")?.properties.status, "verified");
});
