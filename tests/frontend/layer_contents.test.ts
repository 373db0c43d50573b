import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerFeature } from "../../frontend/src/core/layer.ts";
import { LayerContents, layerOf } from "../../frontend/src/core/layer_contents.ts";

function feature(id: string, name = id): LayerFeature {
  const properties = { layer: "water", feature_id: id, name };
  return { type: "Feature", id, geometry: null, properties };
}

function told(id: string, seq: number, name = id) {
  return { kind: "feature", id: `water/${id}`, seq, version: 1, feature: feature(id, name) };
}

const gone = (id: string, seq: number) => ({ kind: "feature", id: `water/${id}`, seq });

function names(contents: LayerContents): string[] {
  return contents.all.map(({ properties }) => properties.name ?? "").sort();
}

function read(seq = 10): LayerContents {
  const contents = new LayerContents("water");
  contents.replace([feature("a"), feature("b")], seq);
  return contents;
}

test("a feature added by hand appears, a withdrawn one vanishes, and the count follows", () => {
  const contents = read();
  assert.deepEqual(contents.take(told("c", 11))?.id, "c");
  assert.equal(contents.matched, 3);
  assert.deepEqual(contents.take(gone("a", 12)), { id: "a", feature: null });
  assert.deepEqual(names(contents), ["b", "c"]);
  assert.equal(contents.matched, 2);
});

test("identifiers may hold anything, and other layers are none of ours", () => {
  const contents = read();
  assert.equal(contents.take(told("kumamoto/3 号", 11))?.id, "kumamoto/3 号");
  assert.equal(contents.take({ kind: "feature", id: "water-2/a", seq: 12 }), null);
  assert.equal(contents.take({ kind: "report", id: "water/a", seq: 12 }), null);
  assert.equal(contents.matched, 3);
});

test("what the feed told while the layer was being read outlives an older reading", () => {
  const contents = read();
  contents.take(told("c", 15));
  contents.take(gone("a", 16));
  contents.take(told("b", 12, "old"));
  contents.replace([feature("a"), feature("b", "newer")], 14);
  assert.deepEqual(names(contents), ["c", "newer"]);
  contents.replace([feature("a")], 20);
  assert.deepEqual(names(contents), ["a"]);
});

test("twice is harmless, and the older change never wins", () => {
  const contents = read();
  assert.ok(contents.take(told("a", 12, "newer")));
  assert.equal(contents.take(told("a", 12, "twice")), null);
  assert.equal(contents.take(gone("a", 11)), null);
  assert.deepEqual(names(contents), ["b", "newer"]);
});

test("a part of a large layer keeps the count of the whole", () => {
  const contents = new LayerContents("water");
  contents.replace([feature("a")], 1, 5_000);
  contents.take(told("z", 2));
  assert.equal(contents.matched, 5_001);
});

test("a change names its layer", () => {
  assert.equal(layerOf({ kind: "layer", id: "water", seq: 1 }), "water");
  assert.equal(layerOf(gone("x/y", 1)), "water");
  assert.equal(layerOf({ kind: "report", id: "x", seq: 1 }), null);
});
