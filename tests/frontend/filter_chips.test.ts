// Each part of a filter is a chip in words; taking it off leaves the others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromQuery } from "../../frontend/src/core/desk_query.ts";
import { NO_FILTER } from "../../frontend/src/core/filter.ts";
import { chips } from "../../frontend/src/core/filter_chips.ts";
import { Vocabulary } from "../../frontend/src/core/vocabulary.ts";

const term = (code: string) => ({ code, labels: { en: code }, letter: "", letter_ja: "", icon: "", colour: "", shape: "" }); // biome-ignore format: one term
const WORDS = new Vocabulary({
  codes: {
    severity: ["critical", "serious", "minor"].map(term),
    status: ["received", "verified", "rejected", "duplicate", "withdrawn"].map(term),
    channel: ["phone", "radio"].map(term),
    category: ["fire", "gas", "river", "other"].map(term),
  },
});
const NAMES = {
  organisation: (slug: string) => slug.toUpperCase(),
  municipality: (code: string) => ({ "434434": "Mashiki" })[code] ?? code,
};
const READ = (text: string) => fromQuery(new URLSearchParams(text)).filter;
const SAID = (text: string) => chips(READ(text), NAMES, WORDS).map(({ words }) => words);

test("nobody who narrows nothing sees a chip", () => {
  assert.deepEqual(chips(NO_FILTER, NAMES, WORDS), []);
});

test("every part is said", () => {
  const cases: [string, string[]][] = [
    ["q=+断水", ["“断水”"]],
    ["hide_severity=minor", ["Severity: critical, serious"]],
    ["hide_status=-&hide_category=fire", ["Status: all", "Category: 3 of 4"]],
    ["hide_category=fire,gas,river,other", ["Category: none"]],
    ["recent=1&since_last_looked=1", ["Last hour", "Since I last looked"]],
    ["municipality=434434,-", ["Mashiki", "No municipality"]],
    ["mesh=4930,49301656&within=1,2,3,4,5,6", ["Grid square 4930", "Grid square 49301656", "Drawn area"]],
    ["needs_place=1&uncertain=100", ["Needs a place", "Place less sure than 100 m"]],
    ["organisation=a,b&assigned_to=-", ["Reported by A", "Reported by B", "Assigned to nobody"]],
    ["channel=phone,device", ["Came by: phone", "Came by: App"]],
    ["assigned_to=x&has_photo=0&due=overdue", ["Assigned to x", "Without photo", "Overdue"]],
    ["waiting=1&unseen=1", ["Not accepted yet", "Not opened by me"]],
  ]; // biome-ignore format: a table
  for (const [query, words] of cases) assert.deepEqual(SAID(query), words, query);
  assert.match(SAID("until=2016-04-16T03:00:00Z")[0] ?? "", /^Until .*12:00$/);
});

test("taken off one after the other, nothing is left", () => {
  let filter = READ(
    "q=x&hide_severity=minor&hide_status=-&recent=6&since=2016-04-16T03:00:00Z&municipality=434434,431001" +
      "&mesh=4930,493016&within=1,2,3,4,5,6&organisation=a,b&channel=phone,radio&assigned_to=x&has_photo=1&needs_place=1" +
      "&uncertain=5&waiting=1&unseen=1&since_last_looked=1&due=overdue",
  );
  for (let left = chips(filter, NAMES, WORDS).length; left > 0; left--) {
    const all = chips(filter, NAMES, WORDS);
    assert.equal(all.length, left);
    filter = all[0]?.without ?? filter;
  }
  assert.deepEqual(filter, NO_FILTER);
});
