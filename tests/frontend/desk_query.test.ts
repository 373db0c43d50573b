// The desk's address and back: nothing of a view is lost, nonsense opens the usual view.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromQuery, NAMES, toQuery } from "../../frontend/src/core/desk_query.ts";
import { NO_FILTER } from "../../frontend/src/core/filter.ts";

const USUAL = { filter: NO_FILTER, order: "newest", ownAreaOnly: null, map: null, report: null };
const READ = (text: string) => fromQuery(new URLSearchParams(text));

test("the usual view needs no words, and no words are the usual view", () => {
  assert.equal(toQuery({ ...USUAL, order: "newest" }).toString(), "");
  assert.deepEqual(READ(""), USUAL);
});

test("a view comes back as it was", () => {
  const view = {
    filter: {
      words: "断水 ｶﾞｽ&x=1",
      hiddenCategories: new Set(["fire", "gas"]),
      hiddenSeverities: new Set(["minor"]),
      hiddenStatuses: new Set<string>(),
      until: Date.parse("2016-04-16T03:00:00Z"),
    },
    order: "severity" as const,
    ownAreaOnly: false,
    map: { zoom: 14, lat: 32.79, lon: 130.75 },
    report: "3f1d1c0e-7a59-4c7e-9e43-0d6f4b0d9a11",
  };
  const query = toQuery(view);
  assert.deepEqual(READ(query.toString()), view);
  assert.deepEqual([...query.keys()].sort(), [...NAMES].sort());
});

test("nonsense is left out", () => {
  const text =
    "map=14/95/130&report=x&until=soon&order=odd&area=mars&hide_category=<b>,fire&hide_severity=";
  const found = READ(text);
  assert.deepEqual(found.filter.hiddenCategories, new Set(["fire"]));
  assert.deepEqual({ ...found, filter: NO_FILTER }, USUAL);
  for (const map of ["14//130", "1/2", "a/b/c", "14/32/130/5", "99/1/1"]) {
    assert.equal(READ(`map=${map}`).map, null, map);
  }
});
