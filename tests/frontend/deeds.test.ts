import assert from "node:assert/strict";
import { test } from "node:test";
import { Deeds } from "../../frontend/src/core/deeds.ts";

function deedsOf(...done: readonly (readonly [words: string, id: string, version: number])[]) {
  const deeds = new Deeds();
  for (const [words, id, version] of done) deeds.did({ words, reports: [{ id, version }] });
  return deeds;
}

/** Takes the last one back, as the server does; what was sent. */
function back(deeds: Deeds): string {
  const deed = deeds.take();
  if (!deed) return "";
  deeds.undone(deed.reports);
  return [deed.words, ...deed.reports.map(({ id, version }) => `${id}${version}`)].join(" ");
}

test("several changes of one report go back one by one, then the one before, of another", () => {
  const deeds = deedsOf(["V", "a", 2], ["V", "b", 2], ["1", "b", 3], ["C", "b", 4]);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => back(deeds)),
    ["C b4", "1 b5", "V b6", "V a2", ""],
  );
});

test("a change after taking back stands above what was before it", () => {
  const deeds = deedsOf(["V", "b", 2], ["1", "b", 3]);
  assert.equal(back(deeds), "1 b3");
  deeds.did({ words: "R", reports: [{ id: "b", version: 5 }] });
  assert.deepEqual(
    [1, 2, 3].map(() => back(deeds)),
    ["R b5", "V b6", ""],
  );
});

test("below somebody else's change a deed keeps its version, so that it is refused", () => {
  const deeds = deedsOf(["V", "b", 2], ["1", "b", 4]);
  assert.equal(back(deeds), "1 b4");
  assert.deepEqual(deeds.take()?.reports, [{ id: "b", version: 2 }]);
});

test("of many, what was not taken back leaves what was done before as it is", () => {
  const deeds = deedsOf(["V", "b", 2]);
  const [a, b] = [
    { id: "a", version: 2 },
    { id: "b", version: 3 },
  ];
  deeds.did({ words: "all", reports: [a, b] });
  deeds.take();
  deeds.undone([a]);
  assert.deepEqual(deeds.last.value?.reports, [{ id: "b", version: 2 }]);
});

test("what the history took back is no deed any more, what was before it is", () => {
  const deeds = deedsOf(["V", "b", 2], ["1", "b", 3]);
  deeds.undone(deeds.deedOf({ id: "b", version: 3 }));
  assert.equal(back(deeds), "V b4");
  const others = deedsOf(["V", "b", 2]);
  others.undone(others.deedOf({ id: "b", version: 3 }));
  assert.equal(back(others), "V b2");
});

test("U pressed twice at once is one after the other, after what was pressed before", async () => {
  const deeds = new Deeds();
  const told: string[] = [];
  const slow = async (words: string) => {
    await new Promise((done) => setTimeout(done, 5));
    told.push(words);
  };
  const pressed = deeds.during(slow("V"));
  const all = ["U1", "U2"].map((words) => deeds.afterAll(() => deeds.during(slow(words))));
  await Promise.all([pressed, ...all]);
  assert.deepEqual(told, ["V", "U1", "U2"]);
});
