import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { ngettext, t, useLanguage } from "../../frontend/src/core/language.ts";
import { clockTime, day, timeAgo, useZone } from "../../frontend/src/core/times.ts";

const NOW = Date.parse("2016-04-15T17:18:30Z");
const JA = {
  "{time} ({ago})": "{time}（{ago}）",
  "{n} min ago": ["{n}分前"],
  "{n} h ago": ["{n}時間前"],
};

beforeEach(() => {
  useZone("Asia/Tokyo");
  useLanguage("ja", { catalog: JA });
});

test("a time stands in the incident's zone, with its age", () => {
  assert.equal(timeAgo("2016-04-15T17:15:02Z", NOW), "02:15（3分前）");
  assert.equal(timeAgo("2016-04-15T15:10:00Z", NOW), "00:10（2時間前）");
});

test("another day is named, and an age over a day left out", () => {
  assert.equal(timeAgo("2016-04-14T12:26:00Z", NOW), "4/14 21:26");
});

test("of another year the year is said", () => {
  const later = Date.parse("2026-11-23T00:00:00Z");
  assert.equal(timeAgo("2016-04-14T12:26:00Z", later), "2016/4/14 21:26");
});

test("a time in the future has no age", () => {
  assert.equal(timeAgo("2016-04-15T17:20:00Z", NOW), "02:20");
});

test("midnight is 00, not 24", () => {
  assert.equal(clockTime("2016-04-15T15:00:00Z"), "00:00");
});

test("days as Japanese timetables write them", () => {
  assert.equal(day("2026-11-22T03:00:00Z"), "11月22日（日）");
});

test("no translation: the English words", () => {
  useLanguage("en", { catalog: {} });
  assert.equal(t("Hello {name}", { name: "A" }), "Hello A");
  assert.equal(ngettext("{n} report", "{n} reports", 1200), "1,200 reports");
  assert.equal(timeAgo("2016-04-15T17:15:02Z", NOW), "02:15 (3 min ago)");
});

test("a value that is missing stays visible instead of vanishing", () => {
  assert.equal(t("{a} of {b}", { a: 1 }), "1 of {b}");
});
