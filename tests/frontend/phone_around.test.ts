import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerFeature, LayerInfo } from "../../frontend/src/core/layer.ts";
import {
  byDistance,
  mayBeOffered,
  nearestFirst,
  type SupportPlace,
} from "../../frontend/src/phone/around/nearest.ts";
import {
  EVERYTHING,
  narrowings,
  passes,
  readFilter,
  type Standpoint,
  writeFilter,
} from "../../frontend/src/phone/around/report_filter.ts";
import {
  MOST_TILES,
  MOST_TILES_UNASKED,
  planOfIncident,
  planOfView,
  tilesAt,
  tileUrl,
} from "../../frontend/src/phone/place/tile_range.ts";
import { aReport } from "./examples.ts";

const NOW = Date.parse("2016-04-16T12:00:00Z");
const FROM: Standpoint = { now: NOW, here: [130.7, 32.8], mine: new Set(["own"]) };

test("a filter survives the address, and an address without one filters nothing", () => {
  const filter = { ...EVERYTHING, category: "fire", hours: 6, within_m: 500, mine: true };
  assert.deepEqual(readFilter(writeFilter(filter)), filter);
  assert.deepEqual(readFilter(new URLSearchParams()), EVERYTHING);
  assert.equal(writeFilter(EVERYTHING).toString(), "");
  assert.equal(narrowings(filter), 4);
});

test("an address that was tampered with does not empty the list", () => {
  assert.deepEqual(readFilter(new URLSearchParams("hours=x&within_m=-1&mine=no")), EVERYTHING);
});

test("category, severity and status must all be right", () => {
  const report = aReport("a", { category: "fire", severity: "serious", status: "verified" });
  const is = (more: object) => passes(report, { ...EVERYTHING, ...more }, FROM);
  assert.equal(is({ category: "fire", severity: "serious", status: "verified" }), true);
  assert.equal(is({ category: "bridge" }), false);
  assert.equal(is({ severity: "minor" }), false);
  assert.equal(is({ status: "received" }), false);
});

test("what was rejected is hidden until it is asked for, but never one's own", () => {
  const rejected = { status: "rejected" };
  assert.equal(passes(aReport("a", rejected), EVERYTHING, FROM), false);
  assert.equal(passes(aReport("a", rejected), { ...EVERYTHING, ...rejected }, FROM), true);
  assert.equal(passes(aReport("own", rejected), EVERYTHING, FROM), true);
});

test("mine are those of this phone", () => {
  const mine = { ...EVERYTHING, mine: true };
  assert.equal(passes(aReport("own"), mine, FROM), true);
  assert.equal(passes(aReport("other"), mine, FROM), false);
});

test("the hours count from when it was seen; a clock that is ahead counts as received", () => {
  const filter = { ...EVERYTHING, hours: 1 };
  const seen = (captured_at: string, more: object = {}) =>
    passes(
      aReport("a", { captured_at, received_at: "2016-04-16T05:00:00Z", ...more }),
      filter,
      FROM,
    );
  assert.equal(seen("2016-04-16T20:00:00+09:00"), true);
  assert.equal(seen("2016-04-16T19:59:59+09:00"), false);
  assert.equal(seen("2017-01-01T00:00:00Z", { captured_in_future: true }), false);
});

test("distance counts only when both places are known", () => {
  const at = (lon: number) => ({ ...aReport("a"), geometry: point(lon) });
  const near = { ...EVERYTHING, within_m: 1_000 };
  assert.equal(passes(at(130.7), near, FROM), true);
  assert.equal(passes(at(130.72), near, FROM), false);
  assert.equal(passes({ ...aReport("a"), geometry: null }, near, FROM), false);
  assert.equal(passes(at(130.72), near, { ...FROM, here: null }), true);
});

function point(lon: number) {
  return { type: "Point" as const, coordinates: [lon, 32.8] };
}

function place(name: string, kind: string, lon: number, more: object = {}): SupportPlace {
  const properties = { name, ...more };
  const feature: LayerFeature = { type: "Feature", id: name, geometry: point(lon), properties };
  return { feature, info: { slug: kind, title: kind, kind } as LayerInfo };
}

const names = (places: readonly SupportPlace[]) => places.map((p) => p.feature.properties.name);

test("open and near first; closed last however near it is", () => {
  const places = [
    place("closed here", "shelter", 130.7, { state: { operation: "closed" } }),
    place("nobody knows", "shelter", 130.701, {}),
    place("open but full", "shelter", 130.702, {
      state: { operation: "open", congestion: "full" },
    }),
    place("open far", "shelter", 130.8, { state: { operation: "open" } }),
    place("open near", "shelter", 130.75, { state: { operation: "open" } }),
    place("in dispute", "shelter", 130.703, {
      state: { operation: "open" },
      conflict: [{ field: "operation" }],
    }),
  ];
  const expected = [
    "open near",
    "open far",
    "open but full",
    "in dispute",
    "nobody knows",
    "closed here",
  ];
  assert.deepEqual(names(nearestFirst(places, [130.7, 32.8])), expected);
});

test("services must run, not be open", () => {
  const places = [
    place("soon", "water", 130.7, { state: { operation: "planned" } }),
    place("runs", "water", 130.8, { state: { operation: "running" } }),
  ];
  assert.deepEqual(names(nearestFirst(places, [130.7, 32.8])), ["runs", "soon"]);
});

test("a site not designated for this hazard is never offered, nor when nothing is known", () => {
  const site = (hazards: object | null) =>
    place("s", "evacuation_site", 130.7, { attributes: { hazards } });
  assert.equal(mayBeOffered(site({ earthquake: true }), "earthquake"), true);
  assert.equal(mayBeOffered(site({ earthquake: false }), "earthquake"), false);
  assert.equal(mayBeOffered(site(null), "earthquake"), false);
  assert.equal(mayBeOffered(site({ earthquake: true }), null), false);
});

test("a welfare shelter is offered only where its publisher allowed it; roads never are", () => {
  const welfare = (attributes: object) => place("w", "welfare_shelter", 130.7, { attributes });
  assert.equal(mayBeOffered(welfare({ may_be_offered: true }), null), true);
  assert.equal(mayBeOffered(welfare({}), null), false);
  assert.equal(mayBeOffered(place("r", "road_closure", 130.7), null), false);
});

test("without a position nothing is said to be near, and for visitors the state does not matter", () => {
  const places = [
    place("b", "shelter", 130.7, { state: { operation: "closed" } }),
    place("a", "shelter", 130.8, { state: { operation: "open" } }),
  ];
  assert.deepEqual(names(nearestFirst(places, null)), ["a", "b"]);
  assert.equal(nearestFirst(places, null)[0]?.metres, null);
  const visited = [...nearestFirst(places, [130.7, 32.8])].sort(byDistance);
  assert.deepEqual(names(visited), ["b", "a"]);
});

test("a tile is where web mercator has it", () => {
  assert.deepEqual(tilesAt([130.7, 32.78, 130.71, 32.79], 12), [{ z: 12, x: 3535, y: 1652 }]);
  assert.equal(tileUrl({ z: 5, x: 27, y: 12 }), "/tiles/basemap/5/27/12.mvt");
  assert.deepEqual(tilesAt([-180, -90, 180, 90], 1).length, 4);
});

test("a view is kept three zooms deeper than it is, and never more than 600 tiles", () => {
  const village = planOfView([130.75, 32.77, 130.79, 32.8], 14);
  assert.deepEqual([village.from, village.to], [13, 15]);
  const town = planOfView([130.6, 32.7, 130.9, 32.9], 11);
  assert.deepEqual([town.from, town.to], [10, 13]);
  for (const [box, zoom] of [
    [[129, 31, 132, 34], 9],
    [[120, 20, 150, 46], 13],
  ] as const) {
    assert.ok(planOfView(box, zoom).tiles.length <= MOST_TILES);
  }
});

test("an incident's overview is small, and reaches every corner", () => {
  const box = [130.4, 32.5, 131.3, 33.1] as const;
  const { tiles, from, to } = planOfIncident(box);
  assert.ok(tiles.length > 0 && tiles.length <= MOST_TILES_UNASKED);
  for (let z = from; z <= to; z++) {
    const all = tilesAt(box, z).map(tileUrl);
    const kept = new Set(tiles.map(tileUrl));
    assert.ok(all.every((url) => kept.has(url)));
  }
});
