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
      ...NO_FILTER,
      words: "断水 ｶﾞｽ&x=1",
      hiddenCategories: new Set(["fire", "gas"]),
      hiddenSeverities: new Set(["minor"]),
      hiddenStatuses: new Set<string>(),
      since: Date.parse("2016-04-15T03:00:00Z"),
      until: Date.parse("2016-04-16T03:00:00Z"),
      recentH: 6,
      area: new Set(["431001", "-"]),
      mesh: new Set(["49301656"]),
      within: [[130.7, 32.78], [130.72, 32.78], [130.72, 32.81]], // biome-ignore format: corners
      organisations: new Set(["kumamoto-city"]),
      channels: new Set(["phone", "device"]),
      assigned: "建設班",
      hasPhoto: false,
      needsPlace: true,
      uncertain: 100,
      waiting: true,
      unseen: true,
      sinceLooked: true,
      due: "overdue" as const,
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
    "recent=0&recent=x&within=1,2,3,4,5&within=a&mesh=x&municipality=431002&has_photo=2&due=soon&" +
    "organisation=A%20b&uncertain=-1&unseen=yes&since=9999-01-01&map=14/95/130&report=x&until=soon&order=odd&area=mars&hide_category=<b>,fire&hide_severity=";
  const found = READ(text);
  assert.deepEqual(found.filter, { ...NO_FILTER, hiddenCategories: new Set(["fire"]) });
  assert.deepEqual({ ...found, filter: NO_FILTER }, USUAL);
  for (const map of ["14//130", "1/2", "a/b/c", "14/32/130/5", "99/1/1"]) {
    assert.equal(READ(`map=${map}`).map, null, map);
  }
});
