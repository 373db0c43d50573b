import assert from "node:assert/strict";
import { test } from "node:test";
import { another, between, grown, moved, type PhotoBox } from "../../frontend/src/core/boxes.ts";

test("a box is drawn from any corner, and ends at the picture's edge", () => {
  assert.deepEqual(between([0.1, 0.2], [0.4, 0.6]), [0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(between([0.4, 0.6], [0.1, 0.2]), [0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(between([0.8, 0.8], [1.3, 2]), [0.8, 0.8, 0.2, 0.2]);
});

test("a mere press draws none", () => {
  assert.equal(between([0.5, 0.5], [0.505, 0.9]), null);
});

test("a box that is moved keeps its size inside the picture", () => {
  const box: PhotoBox = [0.5, 0.5, 0.2, 0.3];
  assert.deepEqual(moved(box, 0.1, -0.1), [0.6, 0.4, 0.2, 0.3]);
  assert.deepEqual(moved(box, 9, 9), [0.8, 0.7, 0.2, 0.3]);
  assert.deepEqual(moved(box, -9, -9), [0, 0, 0.2, 0.3]);
});

test("a box that is stretched neither leaves the picture nor vanishes", () => {
  const box: PhotoBox = [0.5, 0.5, 0.2, 0.3];
  assert.deepEqual(grown(box, 9, 0.1), [0.5, 0.5, 0.5, 0.4]);
  const [, , width, height] = grown(box, -9, -9);
  assert.ok(width > 0 && height > 0);
});

test("boxes added by key do not cover each other wholly", () => {
  const first = another([]);
  assert.notDeepEqual(another([first]), first);
});
