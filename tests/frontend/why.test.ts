import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { useLanguage } from "../../frontend/src/core/language.ts";
import { useZone } from "../../frontend/src/core/times.ts";
import { UNSENT } from "../../frontend/src/outbox/entry.ts";
import { progressOf, uploadOf } from "../../frontend/src/phone/waiting/progress.ts";
import {
  type Circumstances,
  placesInQueue,
  standingOf,
  standingOfEdit,
} from "../../frontend/src/phone/waiting/standing.ts";
import { reasonOf, reasonOfCode } from "../../frontend/src/phone/waiting/why.ts";
import { edit, NOON, photo, report } from "./outbox_builders.ts";

const HERE = new URL("../../", import.meta.url);
/** What the service says to others only: desks, publishers, programs; the phone asks no such thing. */
const OTHERS = new Set([
  "csrf_failed",
  "if_match_missing",
  "version_stale",
  "invite_invalid",
  "layer_exists",
  "version_unknown",
  "version_not_ready",
  "broadcast_differs",
  "view_unknown",
  "views_full",
  "log_unknown",
  "log_differs",
  "log_corrected",
  "export_unknown",
  "export_not_ready",
  "export_gone",
  "exports_waiting",
  "edit_unknown",
  "edit_overtaken",
  "link_unknown",
  "file_unknown",
  "rule_unknown",
  "rule_off",
  "situation_report_unknown",
  "pdf_missing",
]);
/** Made on the phone (outbox/wire.ts, sender.ts, tus.ts). */
const OWN = ["offline", "timeout", "portal", "server", "bytes_gone", "not_stored"];

function codesOfTheService(): string[] {
  const source = readFileSync(new URL("gspace/problems.py", HERE), "utf-8");
  return [...source.matchAll(/^ {4}"([a-z_]+)": \(/gm)].map(([, code]) => code as string);
}

test("every code that a phone can meet has words and says what to do", () => {
  const codes = codesOfTheService();
  assert.ok(codes.length > 40);
  for (const code of [...codes.filter((one) => !OTHERS.has(one)), ...OWN]) {
    const reason = reasonOfCode({ code });
    assert.ok(reason, `${code} has no words`);
    assert.ok(reason.words.length > 3 && reason.todo.length > 3, code);
  }
});

test("what is left to others is still a code of the service", () => {
  const codes = new Set(codesOfTheService());
  assert.deepEqual(
    [...OTHERS].filter((code) => !codes.has(code)),
    [],
  );
});

test("a code that came later says the service's own sentence", () => {
  const told = reasonOf({ code: "moon_full", detail: "The moon is full.", status: 409 });
  assert.equal(told.words, "The moon is full.");
  assert.match(reasonOf({ code: "moon_full", status: 409 }).words, /moon_full, 409/);
});

// --- how an entry stands -----------------------------------------------------------------------
useLanguage("en", { catalog: {} });
useZone("Asia/Tokyo");

const CALM: Circumstances = {
  now: NOON,
  online: true,
  joined: true,
  lockedOut: false,
  link: null,
  quietUntil: 0,
  sending: false,
  held: false,
  ahead: new Map(),
};

function words(entry: Parameters<typeof standingOf>[0], more: Partial<Circumstances> = {}) {
  return standingOf(entry, { ...CALM, ...more }).reason?.words;
}

test("each reason why it waits is said by its name", () => {
  assert.match(words(report("a"), { online: false }) ?? "", /No network/);
  assert.match(words(report("a"), { link: { code: "portal" } }) ?? "", /login page/);
  assert.match(words(report("a"), { lockedOut: true }) ?? "", /key/);
  assert.match(words(report("a"), { joined: false }) ?? "", /not joined/);
  assert.match(words(report("a", { incident: null })) ?? "", /no incident/);
  const quiet = { quietUntil: NOON + 65_000 };
  assert.match(words(report("a"), quiet) ?? "", /12:01:05/);
  const hold = report("a", { holdUntil: NOON + 12_000 });
  assert.match(words(hold) ?? "", /better position until 12:00:12/);
  assert.match(words(report("a"), { ahead: new Map([["a", 7]]) }) ?? "", /7 to be sent before/);
});

test("what keeps only this one is said rather than what keeps all", () => {
  const standing = standingOf(report("a", { incident: null }), { ...CALM, online: false });
  assert.equal(standing.general, false);
  assert.match(standing.reason?.words ?? "", /no incident/);
});

test("a cry for help waits for no position", () => {
  const content = { ...report("a").content, category: "rescue" };
  const rescue = report("a", { content, holdUntil: NOON + 12_000 });
  assert.doesNotMatch(words(rescue) ?? "", /position/);
});

test("large pictures that are held say so, small ones on their way do not", () => {
  const done = { ...UNSENT, state: "done" as const };
  const held = report("a", { words: done, photos: [photo("p", { preview: done })] });
  assert.match(words(held, { held: true }) ?? "", /are held back/);
  const small = report("a", { words: done, photos: [photo("p", { preview: UNSENT })] });
  assert.doesNotMatch(words(small, { held: true }) ?? "", /Wi-Fi/);
});

test("a refusal is told before everything else, and what was tried says when it is tried again", () => {
  const why = { code: "incident_closed", status: 409 };
  const refused = report("a", { words: { ...UNSENT, state: "attention", why } });
  const standing = standingOf(refused, { ...CALM, online: false });
  assert.equal(standing.mood, "attention");
  assert.match(standing.reason?.words ?? "", /closed/);
  const later = { ...UNSENT, tries: 1, nextAt: NOON + 9_000, why: { code: "not_stored" } };
  assert.equal(standingOf(report("b", { words: later }), CALM).nextAt, NOON + 9_000);
});

test("a correction of what is not sent yet goes after it", () => {
  const standing = standingOfEdit(edit("e", "a"), report("a"), CALM);
  assert.match(standing.reason?.words ?? "", /after its report/);
});

test("the place in the queue is that of the first piece of work", () => {
  const done = { ...UNSENT, state: "done" as const };
  const old = report("old", { createdAt: 1, words: done, photos: [photo("p")] });
  const entries = [report("new", { createdAt: 9 }), old, report("mid", { createdAt: 5 })];
  const places = placesInQueue(entries, [], { originals: true });
  assert.deepEqual([places.get("mid"), places.get("new"), places.get("old")], [0, 1, 2]);
});

test("progress counts what has been sent since the queue began, words and pictures apart", () => {
  const done = { ...UNSENT, state: "done" as const };
  const sent = { folder: "sent" as const, words: done, sentAt: NOON };
  const entries = [
    report("before", { ...sent, sentAt: NOON - 99_000 }),
    report("a", { ...sent, photos: [photo("p1", { original: done })] }),
    report("b", { words: done, sentAt: NOON, photos: [photo("p2")] }),
    report("c"),
    report("draft", { folder: "draft" }),
  ];
  const { words: said, photos } = progressOf(entries, NOON - 10_000);
  assert.deepEqual(
    [said, photos],
    [
      { done: 2, all: 3 },
      { done: 1, all: 2 },
    ],
  );
  assert.deepEqual(uploadOf(photo("p", { size: 100, uploaded: 40 })), { done: 40, all: 100 });
  assert.equal(uploadOf(photo("p")), null);
});
