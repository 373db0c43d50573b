import assert from "node:assert/strict";
import { test } from "node:test";
import { bulkOf } from "../../frontend/src/core/bulk.ts";

const TOWN = [
  [130.7, 32.7],
  [130.71, 32.72],
  [130.72, 32.71],
  [130.74, 32.74],
];

test("one mistyped position does not widen the view", () => {
  const bulk = bulkOf([...TOWN, [139.7671, 35.6812]]);
  assert.deepEqual(bulk, { box: [130.7, 32.7, 130.74, 32.74], far: 1 });
});

test("a layer that is spread over the country is shown whole", () => {
  const cities = [
    [130.7, 32.8],
    [135.5, 34.7],
    [139.7, 35.7],
    [141.3, 43.1],
  ];
  assert.equal(bulkOf(cities)?.far, 0);
});

test("places at one spot, and nothing at all", () => {
  const spot = [130.7, 32.8];
  assert.deepEqual(bulkOf([spot, spot]), { box: [130.7, 32.8, 130.7, 32.8], far: 0 });
  assert.equal(bulkOf([spot, spot, spot, [130.701, 32.801]])?.far, 0);
  assert.equal(bulkOf([]), null);
});
