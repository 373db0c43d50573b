/** Which position a picture gets, which way the camera looked, and when it was taken. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fix, ReportContent, ReportEntry } from "../../frontend/src/outbox/entry.ts";
import { NOTHING_SAID, UNSENT } from "../../frontend/src/outbox/entry.ts";
import { bestFix, improves, isUsable, qualityOf } from "../../frontend/src/phone/place/fix.ts";
import { headingOf } from "../../frontend/src/phone/camera/heading.ts";
import { fileTime, isNow, takenTime } from "../../frontend/src/phone/camera/picture_time.ts";

const SHUTTER = Date.parse("2016-04-16T02:11:00+09:00");

function fix(seconds: number, accuracy_m: number | null, lon = 130.71): Fix {
  return { lon, lat: 32.79, accuracy_m, fixed_at: new Date(SHUTTER + seconds * 1000).toISOString() };
}

function report(device_fix: Fix | null, more: Partial<ReportEntry> = {}): ReportEntry {
  const captured_at = new Date(SHUTTER).toISOString();
  const content: ReportContent = { ...NOTHING_SAID, captured_at, device_fix };
  return {
    kind: "report",
    id: "a",
    folder: "draft",
    createdAt: SHUTTER,
    incident: "x",
    words: UNSENT,
    frozen: null,
    sentAt: null,
    content,
    photos: [],
    holdUntil: SHUTTER + 15_000,
    receipt: null,
    ...more,
  };
}

test("what receivers say that have no position is none", () => {
  assert.equal(isUsable({ ...fix(0, 5), lon: 0, lat: 0 }), false);
  assert.equal(isUsable({ ...fix(0, 5), lat: Number.NaN }), false);
  assert.equal(isUsable({ ...fix(0, 5), lat: 91 }), false);
  assert.equal(isUsable({ ...fix(0, 5), lat: 0 }), true, "the equator is a place");
});

test("quality is told by accuracy, and by age before accuracy", () => {
  assert.equal(qualityOf(null, SHUTTER), "none");
  assert.equal(qualityOf(fix(0, 20), SHUTTER), "good");
  assert.equal(qualityOf(fix(0, 21), SHUTTER), "fair");
  assert.equal(qualityOf(fix(0, 201), SHUTTER), "coarse");
  assert.equal(qualityOf(fix(0, null), SHUTTER), "coarse");
  assert.equal(qualityOf(fix(-120, 5), SHUTTER), "good");
  assert.equal(qualityOf(fix(-121, 5), SHUTTER), "stale");
  assert.equal(qualityOf(fix(121, 5), SHUTTER), "stale");
});

test("the best one near the shutter wins, not the newest", () => {
  const sharp = fix(-3, 8);
  assert.equal(bestFix([fix(-40, 12), sharp, fix(0, 60)], SHUTTER), sharp);
});

test("a sharp one from where somebody walked away loses", () => {
  const here = fix(0, 30);
  assert.equal(bestFix([fix(-60, 5), here], SHUTTER), here);
});

test("a stale one is taken only where there is no other", () => {
  const coarse = fix(0, 1500);
  const old = fix(-600, 5);
  assert.equal(bestFix([old, coarse], SHUTTER), coarse);
  assert.equal(bestFix([old], SHUTTER), old);
  assert.equal(bestFix([], SHUTTER), null);
});

test("within 15 s of the shutter every better one is taken", () => {
  assert.equal(improves(fix(5, 25), report(fix(0, 40))), true);
  assert.equal(improves(fix(5, 45), report(fix(0, 40))), false);
  assert.equal(improves(fix(14, 500), report(null)), true);
});

test("afterwards, and after sending, only a notably better one", () => {
  const sent = { frozen: {} };
  assert.equal(improves(fix(5, 25), report(fix(0, 40), sent)), false, "8 m better is nothing");
  assert.equal(improves(fix(5, 5), report(fix(0, 40), sent)), true);
  assert.equal(improves(fix(5, 160), report(fix(0, 200), sent)), false, "a sixth is nothing");
  assert.equal(improves(fix(30, 5), report(fix(0, 40))), false, "42 m may have been walked");
  assert.equal(improves(fix(30, 5), report(fix(0, 400))), true);
  assert.equal(improves(fix(60, 10), report(null)), true, "any is better than none");
});

test("a position of another time, or one that somebody took away, stays away", () => {
  assert.equal(improves(fix(130, 5), report(null)), false);
  assert.equal(improves(fix(5, 5), report(null, { holdUntil: 0 })), false);
  const older = report(fix(0, 50));
  const untimed = { ...older, content: { ...older.content, captured_at: null } };
  assert.equal(improves(fix(1, 5), untimed), false);
});

test("a stale one gives way to a fresh one, whatever its accuracy says", () => {
  assert.equal(improves(fix(3, 300), report(fix(-600, 4))), true);
});

test("iOS tells the compass itself; the screen's turn is added", () => {
  const turned = { alpha: 1, beta: 2, gamma: 3, webkitCompassHeading: 350 };
  assert.equal(headingOf({ ...turned, webkitCompassAccuracy: 10 }, 90), 80);
  assert.equal(headingOf({ ...turned, webkitCompassAccuracy: -1 }, 0), null);
  assert.equal(headingOf({ ...turned, webkitCompassAccuracy: 60 }, 0), null);
  assert.equal(headingOf({ ...turned, webkitCompassHeading: 0 }, 0), 0, "north is a direction");
});

test("held upright the camera's direction counts, flat the phone's top", () => {
  const upright = { absolute: true, beta: 90, gamma: 0 };
  assert.equal(headingOf({ ...upright, alpha: 0 }, 0), 0);
  assert.equal(headingOf({ ...upright, alpha: 270 }, 0), 90);
  assert.equal(headingOf({ ...upright, alpha: 90 }, 0), 270);
  assert.equal(headingOf({ absolute: true, alpha: 270, beta: 5, gamma: 0 }, 0), 90);
  assert.equal(headingOf({ absolute: true, alpha: 0, beta: 5, gamma: 0 }, 90), 90);
});

test("lying on its side the phone's camera looks where it looks", () => {
  // top edge to the left: turned by -90 degrees around the direction in which it looks (north)
  const heading = headingOf({ absolute: true, alpha: 90, beta: 0, gamma: -90 }, 90);
  assert.equal(heading, 0);
});

test("without a compass there is no direction", () => {
  assert.equal(headingOf({ absolute: false, alpha: 10, beta: 90, gamma: 0 }, 0), null);
  assert.equal(headingOf({ absolute: true, alpha: null, beta: null, gamma: null }, 0), null);
});

test("a picture's own time, and a file's where it is one", () => {
  assert.equal(takenTime("2016-04-16T02:11:00+09:00"), "2016-04-15T17:11:00.000Z");
  assert.equal(takenTime(null), null);
  assert.equal(takenTime("rubbish"), null);
  assert.equal(isNow(new Date(SHUTTER - 60_000).toISOString(), SHUTTER), true);
  assert.equal(isNow(new Date(SHUTTER - 600_000).toISOString(), SHUTTER), false);
  assert.equal(fileTime(SHUTTER - 1_000, SHUTTER), null, "pickers give the time of copying");
  assert.equal(fileTime(SHUTTER - 3_600_000, SHUTTER), "2016-04-15T16:11:00.000Z");
});
