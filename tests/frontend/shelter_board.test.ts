import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerFeature, LayerInfo, LayerProperties } from "../../frontend/src/core/layer.ts";
import { counts, stepPath } from "../../frontend/src/core/occupancy.ts";
import {
  isSilent,
  ordered,
  rowOf,
  type ShelterRow,
  totals,
  wanted,
} from "../../frontend/src/core/shelter_board.ts";

const INFO: LayerInfo = {
  slug: "shelters",
  title: "避難所",
  kind: "shelter",
  publisher: { name: "北九州市" },
  source_name: "熊本市",
};
const NOW = Date.parse("2016-04-16T20:00:00+09:00");
const at = (hour: number) => `2016-04-16T${String(hour).padStart(2, "0")}:00:00+09:00`;
const NO_VISIT = {
  id: "v",
  captured_at: at(10),
  as_of: at(10),
  received_at: at(10),
  operation: null,
  congestion: null,
  persons: null,
  households: null,
  car_stayers: null,
  power: null,
  water: null,
  toilets: null,
};

function row(id: string, properties: LayerProperties = {}): ShelterRow {
  const feature: LayerFeature = {
    type: "Feature",
    id,
    geometry: null,
    properties: { layer: "shelters", feature_id: id, name: id, ...properties },
  };
  return rowOf(feature, INFO);
}

function said(operation: string | null, hour: number, persons: number | null = null) {
  const word = { from: "hand", source_as_of: at(hour), by: "山田" };
  return {
    state: { operation, persons },
    state_sources: {
      ...(operation && { operation: word }),
      ...(persons !== null && { persons: word }),
    },
  };
}

test("the last word is the newest of file, hand, check and visit, with who said it", () => {
  const file = { operation: { from: "file", source_as_of: at(9) } };
  const told = { state: { operation: "open" }, state_sources: file };
  assert.deepEqual(row("a", told).last, { at: Date.parse(at(9)), by: "熊本市" });
  const hand = { ...file, persons: { from: "hand", source_as_of: at(11), by: "山田" } };
  assert.deepEqual(row("a", { ...told, state_sources: hand }).last, {
    at: Date.parse(at(11)),
    by: "山田",
  });
  const visit = { ...NO_VISIT, as_of: at(12), by: "消防団" };
  assert.deepEqual(row("a", { ...told, state_sources: hand, situation: visit }).last, {
    at: Date.parse(at(12)),
    by: "消防団",
  });
  const checked = { ...told, state: { operation: "open", checked_at: at(13) } };
  assert.equal(row("a", checked).last?.at, Date.parse(at(13)));
  assert.equal(row("a").last, null);
});

test("silence: six hours without a word, or never a word, unless nobody is inside", () => {
  assert.equal(isSilent(row("a", said("open", 14)), NOW, 6), false);
  assert.equal(isSilent(row("a", said("open", 14)), NOW + 1, 6), true);
  assert.equal(isSilent(row("a"), NOW, 6), true);
  for (const shut of ["closed", "not_open", "cannot_open"]) {
    assert.equal(isSilent(row("a", said(shut, 1)), NOW, 6), false, shut);
  }
});

test("people are summed over those that are not shut; not reported is counted apart", () => {
  const rows = [
    row("a", said("open", 14, 120)),
    row("b", said("open", 14, 0)),
    row("c", said("open", 14)),
    row("d", said("closed", 14, 70)),
    row("e"),
  ];
  const sum = totals(rows, NOW, 6);
  assert.deepEqual(
    [sum.shelters, sum.open, sum.people, sum.counted, sum.uncounted, sum.silent],
    [5, 3, 120, 2, 1, 1],
  );
});

test("a visit counts where it is later, and never wipes out what it does not say", () => {
  const visit = { ...NO_VISIT, as_of: at(15), persons: 80, congestion: "full" };
  const later = row("a", { ...said("open", 14, 120), situation: visit });
  assert.deepEqual([later.operation, later.persons, later.congestion], ["open", 80, "full"]);
  const earlier = row("a", { ...said("open", 16, 120), situation: visit });
  assert.equal(earlier.persons, 120);
  assert.equal(row("a", { ...said("open", 14, 0), situation: NO_VISIT }).persons, 0);
});

test("filters: state, silence, municipality and words, width aside", () => {
  const open = row("体育館７号", { ...said("open", 19), municipality: "431001" });
  const wish = { words: "", state: "", municipality: "", silentOnly: false };
  const shows = (more: object) => wanted(open, { ...wish, ...more }, NOW, 6);
  assert.ok(shows({}));
  assert.ok(shows({ state: "open", words: "7号", municipality: "431001" }));
  assert.ok(!shows({ state: "shut" }) && !shows({ state: "unknown" }));
  assert.ok(!shows({ silentOnly: true }) && !shows({ municipality: "432024" }));
});

test("whom to call first: open ones, the longest silent before the others", () => {
  const rows = [
    row("shut", said("closed", 1)),
    row("unknown"),
    row("fresh", said("open", 19)),
    row("old", said("open", 9)),
  ];
  const keys = (by: "call" | "people") => ordered(rows, by).map(({ id }) => id);
  assert.deepEqual(keys("call"), ["old", "fresh", "unknown", "shut"]);
  const counted = [row("none"), row("zero", said("open", 9, 0)), row("most", said("open", 9, 9))];
  assert.deepEqual(
    ordered(counted, "people").map(({ id }) => id),
    ["most", "zero", "none"],
  );
});

test("the course of occupancy: oldest first, a count holds until the next, up to now", () => {
  const told = counts([
    { as_of: at(12), persons: 50 },
    { as_of: at(11), persons: null },
    { as_of: at(10), persons: 100 },
  ]);
  assert.deepEqual(
    told.map(({ persons }) => persons),
    [100, 50],
  );
  assert.equal(stepPath(told, 100, 20, Date.parse(at(14))), "M0 0H50V10H100");
  assert.equal(stepPath([], 100, 20, NOW), "");
  const none = counts([{ as_of: at(10), persons: 0 }]);
  assert.equal(stepPath(none, 100, 20, Date.parse(at(10))), "M0 20H100");
});
