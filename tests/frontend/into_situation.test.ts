import assert from "node:assert/strict";
import { test } from "node:test";
import { intoSituation } from "../../frontend/src/core/into_situation.ts";

test("those ticked go along in their order", () => {
  const into = intoSituation("/hq/quake/situation/", ["b", "a"], 2);
  assert.equal(into.href, "/hq/quake/situation/?reports=b&reports=a");
  assert.equal(into.words, "Into the situation report");
});

test("of more than it takes the first go, and it is said", () => {
  const into = intoSituation("/s/", ["c", "b", "a"], 2);
  assert.equal(into.href, "/s/?reports=c&reports=b");
  assert.equal(into.words, "The first 2 into the situation report");
});
