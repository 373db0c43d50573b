import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { test } from "node:test";
import { Vocabulary } from "../../frontend/src/core/vocabulary.ts";

// icons come with the build
registerHooks({
  resolve: (name, context, next) =>
    name.startsWith("virtual:")
      ? { url: "data:text/javascript,export default {}", shortCircuit: true }
      : next(name, context),
});
const { fieldName } = await import("../../frontend/src/hq/conflict.ts");
const { changesOf } = await import("../../frontend/src/hq/history.ts");

const words = new Vocabulary({ codes: {} });
const WHO = { at: "2016-04-16T03:00:00Z", by: "Alice" };
const AREA = {
  type: "Polygon" as const,
  coordinates: [
    [
      [130.7, 32.7],
      [130.8, 32.7],
      [130.8, 32.8],
      [130.7, 32.7],
    ],
  ],
};

function told(more: object): readonly string[] {
  const item = { ...WHO, changed: {}, ...more };
  return changesOf(item, ["", ""], words).map(({ name, text }) => `${name}: ${text}`);
}

test("an earlier place is told by its coordinates, and in words", () => {
  const changed = {
    geometry: ["SRID=4326;POINT (130.75 32.79)", "SRID=4326;POLYGON (…)"],
    place: [{ ja: "南阿蘇村", en: "Minamiaso" }, {}],
    municipality_code: ["43433", ""],
    municipality_how: ["inside", ""],
  };
  const point = { type: "Point", coordinates: [130.75, 32.79] };
  assert.deepEqual(told({ changed, places: { geometry: [point, AREA] } }), [
    "Place: 32.79000, 130.75000 → 32.75000, 130.75000",
    "Place in words: Minamiaso → –",
    "Municipality: 43433 → –",
  ]);
  const first = { changed: { geometry: [null, ""] }, places: { geometry: [null, point] } };
  assert.deepEqual(told(first), ["Place: – → 32.79000, 130.75000"]);
});

test("what it was merged into is told by its receipt code", () => {
  const changed = { merged_into: [null, "0b5e"] };
  const receipts = { "0b5e": "3F7K2" };
  assert.deepEqual(told({ changed, receipts }), ["Merged into: – → 3F7K2"]);
});

test("whatever a report keeps has a name in its history", () => {
  const models = readFileSync(new URL("../../reports/models.py", import.meta.url), "utf-8");
  const [, report = ""] = /class Report\(models\.Model\):([\s\S]*?)\n {4}class Meta/.exec(models) ?? [];
  const names = [...report.matchAll(/^ {4}(\w+) = (?:models\.|ArrayField)/gm)].map(([, name]) => name);
  const untold = new Set(["id", "body_sha256", "positions", "version", "updated_at", "audiences"]);
  const left = names.filter((name) => name && !untold.has(name) && fieldName(name) === name);
  assert.ok(names.length > 40);
  assert.deepEqual(left, []);
});
