import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import type { Api } from "../../frontend/src/core/api.ts";
import { Problem } from "../../frontend/src/core/api.ts";
import { Deeds } from "../../frontend/src/core/deeds.ts";
import { asItem, isReport, type Report } from "../../frontend/src/core/report.ts";
import { Store } from "../../frontend/src/core/store.ts";
import { Ticks } from "../../frontend/src/core/ticks.ts";
import { type Term, Vocabulary } from "../../frontend/src/core/vocabulary.ts";
import type { Desk } from "../../frontend/src/hq/desk.ts";
import { aReport } from "./examples.ts";

// icons come with the build
registerHooks({
  resolve: (name, context, next) =>
    name.startsWith("virtual:")
      ? { url: "data:text/javascript,export default {}", shortCircuit: true }
      : next(name, context),
});
const { differing, shown } = await import("../../frontend/src/hq/conflict.ts");
const { send } = await import("../../frontend/src/hq/decide.ts");
const { withCategories } = await import("../../frontend/src/hq/history.ts");
const { undoneWords } = await import("../../frontend/src/hq/deed_words.ts");

const words = new Vocabulary({ codes: {} });

/** A desk whose server keeps one report and refuses what was not seen. */
function deskOf(first: Report) {
  let now = first;
  const sent: object[] = [];
  const change = (edit: object): Report => {
    const { version, seq } = now.properties;
    const properties = { ...now.properties, ...edit, version: version + 1, seq: seq + 1 };
    now = { ...now, properties };
    return now;
  };
  const patch = async (_url: string, edit: object, version: number) => {
    await Promise.resolve();
    sent.push(edit);
    if (version !== now.properties.version) throw new Problem(409, { title: "stale" });
    return change(edit);
  };
  const store = new Store<Report>("report", isReport);
  store.apply([asItem(first)]);
  const api = { patch } as unknown as Api;
  const page = { urls: { report: "/reports/{id}" } };
  const desk = { api, page, store, words, deeds: new Deeds(), ticks: new Ticks() };
  return { desk: desk as unknown as Desk, sent, change };
}

const SEEN = aReport("a", { status: "received", version: 1, seq: 1 });

test("two quick acts on what one sees are no crossing with oneself", async () => {
  const { desk, sent } = deskOf(SEEN);
  const both = [
    send(SEEN, { severity: "critical" }, desk),
    send(SEEN, { status: "verified" }, desk),
  ];
  assert.deepEqual(await Promise.all(both), [{ kind: "done" }, { kind: "done" }]);
  const { version, severity, status } = desk.store.get("a")?.properties ?? {};
  assert.deepEqual([version, severity, status], [3, "critical", "verified"]);
  assert.equal(sent.length, 2);
});

test("the same key pressed twice is one change", async () => {
  const { desk, sent } = deskOf(SEEN);
  await Promise.all([1, 2].map(() => send(SEEN, { status: "verified" }, desk)));
  assert.equal(sent.length, 1);
});

test("what somebody else has changed since is not overrun, own change or not", async () => {
  const { desk, change } = deskOf(SEEN);
  desk.store.apply([asItem(change({ severity: "minor" }))]);
  assert.equal((await send(SEEN, { floor: "2" }, desk)).kind, "failed");
  const now = desk.store.get("a");
  assert.ok(now);
  assert.equal((await send(now, { status: "verified" }, desk)).kind, "done");
  assert.deepEqual(await send(SEEN, { floor: "2" }, desk), { kind: "failed", why: "stale" });
});

test("a colleague's move is shown beside the own one; what is equal is not", () => {
  const at = (lon: number, more: object): Report => ({
    ...aReport("a", { public_photos: [], ...more }),
    geometry: { type: "Point", coordinates: [lon, 32.8] },
  });
  const [seen, now] = [at(130.7, { accuracy_m: 100 }), at(130.8, { accuracy_m: 0, floor: "2" })];
  const edit = { geometry: { type: "Point", coordinates: [130.75, 32.81] } };
  assert.deepEqual(differing(seen, now, edit), ["geometry", "accuracy_m", "floor"]);
  assert.equal(shown("geometry", edit.geometry, words), "32.81000, 130.75000");
  assert.equal(shown("accuracy_m", 0, words), "Exactly here");
  assert.deepEqual(differing(seen, { ...seen }, {}), []);
});

test("a detail is told in the words of its own category, in the history, too", () => {
  const term = (code: string, en: string, details?: readonly Term[]): Term => ({
    ...{ code, labels: { en }, letter: "", letter_ja: "", icon: "", colour: "", shape: "" },
    ...(details && { details }),
  });
  const road = term("road_blocked", "Road", [term("cracked", "Steps")]);
  const building = term("building", "Building", [term("cracked", "Cracks")]);
  const both = new Vocabulary({ codes: { category: [road, building] } });
  assert.equal(shown("detail", "cracked", both, "building"), "Cracks");
  const line = (changed: Record<string, [unknown, unknown]>) => ({ at: "", by: "", changed });
  const items = [line({ detail: [null, "cracked"] }), line({ category: ["road_blocked", "fire"] })];
  const told = withCategories([...items, line({})], aReport("a", { category: "fire" }));
  const fire = ["fire", "fire"];
  assert.deepEqual(
    told.map(([, categories]) => categories),
    [fire, ["road_blocked", "fire"], ["road_blocked", "road_blocked"]],
  );
  const [seen, now] = [aReport("a", { detail: "cracked" }), aReport("a", { detail: null })];
  assert.deepEqual(differing(seen, now, {}), ["detail"]);
});

test("what was taken back only in part says so, with both counts", () => {
  const [a, b] = [aReport("a"), aReport("b")];
  const whole = { changed: [a, b], stale: [], refused: [], unsent: [], why: "" };
  assert.equal(undoneWords(whole, "Verified"), "Taken back: Verified");
  const part = { ...whole, changed: [a], stale: [{ id: "b", current: b }] };
  const left = "1 was left as it is: somebody has changed it since.";
  assert.equal(undoneWords(part, ""), `1 taken back. ${left}`);
  const cut = { ...part, unsent: [{ id: "c", version: 2 }], why: "No connection." };
  const why = "1 not taken back: No connection.";
  assert.equal(undoneWords(cut, ""), `1 taken back. ${left} ${why}`);
});
