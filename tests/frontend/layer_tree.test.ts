import assert from "node:assert/strict";
import { test } from "node:test";
import { isStale, type LayerInfo } from "../../frontend/src/core/layer.ts";
import { checkOf, grouped } from "../../frontend/src/core/layer_tree.ts";

const KINDS = ["evacuation_site", "shelter", "water", "bath", "road_closure", "other"];

function layer(slug: string, kind: string, publisher = "北九州市"): LayerInfo {
  return { slug, title: slug, kind, publisher: { name: publisher } };
}

test("by kind, what the page opens with first, then in the vocabulary's order", () => {
  const infos = ["other", "bath", "road_closure", "evacuation_site", "shelter", "new_kind"];
  const groups = grouped(
    infos.map((kind) => layer(kind, kind)),
    KINDS,
  );
  assert.deepEqual(
    groups.map((group) => group.kind),
    ["shelter", "road_closure", "evacuation_site", "bath", "other", "new_kind"],
  );
});

test("within a kind by publisher, and nothing is lost or doubled", () => {
  const infos = [
    layer("b", "water", "熊本市"),
    layer("c", "water", "北九州市"),
    layer("a", "water", "熊本市"),
    { slug: "d", title: "d", kind: "water", publisher: null },
  ];
  const [water] = grouped(infos, KINDS);
  const shown = water?.publishers.map(({ publisher, layers }) => [
    publisher,
    layers.map(({ slug }) => slug),
  ]);
  assert.equal(shown?.length, 3);
  assert.deepEqual(
    shown?.find(([name]) => name === "熊本市"),
    ["熊本市", ["a", "b"]],
  );
  assert.deepEqual(
    shown?.find(([name]) => name === ""),
    ["", ["d"]],
  );
  assert.equal(water?.layers.length, 4);
});

test("the box of a kind says all, some or none", () => {
  assert.equal(checkOf([true, true]), "all");
  assert.equal(checkOf([true, false]), "some");
  assert.equal(checkOf([false, false]), "none");
  assert.equal(checkOf([]), "none");
});

test("a layer is old when the promised interval has passed since it was last confirmed", () => {
  const at = Date.parse("2016-04-16T10:00:00Z");
  const promised = { ...layer("a", "water"), refresh_s: 3600 };
  const published = { ...promised, published_at: "2016-04-16T09:30:00Z" };
  assert.equal(isStale(published, at), false);
  assert.equal(isStale(published, at + 1_800_001), true);
  assert.equal(isStale({ ...published, checked_at: "2016-04-16T10:20:00Z" }, at + 1_800_001), false);
  assert.equal(isStale({ ...published, refresh_s: null }, at + 1e9), null);
  assert.equal(isStale(promised, at), null);
});
