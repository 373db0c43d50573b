import assert from "node:assert/strict";
import { test } from "node:test";
import { type Assignees, byHand, found, handedTo, isElsewhere } from "../../frontend/src/core/assignees.ts";
import { asLocal, dueOf, localTime } from "../../frontend/src/core/due.ts";
import type { Report } from "../../frontend/src/core/report.ts";

const one = (value: string, more: object = {}) => ({
  value,
  name: value,
  name_en: "",
  organisation: "",
  open: 0,
  overdue: 0,
  ...more,
});
const ALL: Assignees = {
  teams: [
    one("熊本市 建設班", { name: "建設班", name_en: "Public works team", organisation: "熊本市" }),
    one("益城町 建設班", { name: "建設班", organisation: "益城町" }),
  ],
  organisations: [one("熊本市", { part: "hq" }), one("消防局", { part: "partner" })],
  persons: [one("宮崎 健一"), one("坂本 由美", { me: true })],
  others: [one("町内会長")],
};
const names = (words: string) => found(ALL, words).map((choice) => choice.value);

test("words find by any name, width and blank; oneself comes first of the persons", () => {
  assert.deepEqual(names("建設"), ["熊本市 建設班", "益城町 建設班"]);
  assert.deepEqual(names("ﾏｼｷ"), []);
  assert.deepEqual(names("public works"), ["熊本市 建設班"]);
  assert.deepEqual(names("益城 建設"), ["益城町 建設班"]);
  assert.deepEqual(names("").slice(4, 6), ["坂本 由美", "宮崎 健一"]);
});

test("what is not in the list can be typed, once", () => {
  assert.equal(byHand(ALL, " 自衛隊 ")?.value, "自衛隊");
  assert.equal(byHand(ALL, "町内会長"), null);
  assert.equal(byHand(ALL, "  "), null);
});

test("only a body that is no headquarters takes a report over", () => {
  const over = found(ALL, "").filter(isElsewhere);
  assert.deepEqual(
    over.map((choice) => choice.value),
    ["消防局"],
  );
});

const NOW = Date.parse("2016-04-16T12:00:00+09:00");
test("a partner looks for bodies, the own first, and for whoever took something over", () => {
  const handed = (assigned_to?: string | null) => ({ id: "a", properties: { assigned_to } }) as Report;
  const bodies = [
    { name: "熊本市", name_en: "Kumamoto", mine: false },
    { name: "消防局", name_en: "", mine: true },
  ];
  const all = handedTo(["自衛隊", "消防局", null, "自衛隊", undefined].map(handed), bodies);
  assert.deepEqual(found(all, "").map(({ value }) => value), ["消防局", "熊本市", "自衛隊"]);
  assert.deepEqual(found(all, "kuma").map(({ value }) => value), ["熊本市"]);
});

const due = (due_at: string | null, status = "verified") =>
  dueOf({ id: "a", properties: { due_at, status } } as Report, NOW);

test("late, soon, later, and never once it is settled", () => {
  assert.equal(due("2016-04-16T11:59:59+09:00"), "overdue");
  assert.equal(due("2016-04-16T13:00:00+09:00"), "soon");
  assert.equal(due("2016-04-16T13:00:01+09:00"), "later");
  assert.equal(due("2016-04-16T11:00:00+09:00", "resolved"), "none");
  assert.equal(due("2016-04-16T11:00:00+09:00", "handed_over"), "overdue");
  assert.equal(due(null), "none");
});

test("a typed time is on the incident's clock", () => {
  assert.equal(localTime("2016-04-16T15:00", "Asia/Tokyo"), "2016-04-16T06:00:00.000Z");
  assert.equal(asLocal(Date.parse("2016-04-16T06:00:00Z"), "Asia/Tokyo"), "2016-04-16T15:00");
  assert.equal(localTime("", "Asia/Tokyo"), null);
});
