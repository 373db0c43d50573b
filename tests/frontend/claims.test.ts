import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import { Observable } from "../../frontend/src/core/observable.ts";
import type { Desk } from "../../frontend/src/hq/desk.ts";

// the build fills in the drawings; nothing is drawn here
registerHooks({
  load: (url, context, next) =>
    url.startsWith("virtual:")
      ? { format: "module", source: "export default {}", shortCircuit: true }
      : next(url, context),
});
const { Claims } = await import("../../frontend/src/hq/claims.ts");

const claim = (id: string, report: string) => ({ id, report, name: "Sato" });
const item = (seq: number, id: string, report: string) => ({
  kind: "claim",
  id,
  seq,
  feature: claim(id, report),
});

test("what comes while the list is read twice at once is not lost, and the older list is dropped", async () => {
  Object.assign(globalThis, { window: { addEventListener: () => {} } });
  const answers: ((answer: unknown) => void)[] = [];
  const desk = {
    mayEdit: true,
    page: { urls: { claims: "/claims" }, csrf: "" },
    selected: new Observable<string | null>(null),
    api: { get: () => new Promise((done) => answers.push(done)) },
  };
  const claims = new Claims(desk as unknown as Desk);
  const readings = [claims.load(), claims.load()];
  claims.changed([item(7, "x", "new-one")]);
  answers[0]?.({ head: 5, items: [claim("y", "of-the-older-list")] });
  await readings[0];
  answers[1]?.({ head: 6, items: [claim("z", "of-the-newer-list")] });
  await readings[1];
  assert.deepEqual([...claims.others.value.keys()].sort(), ["new-one", "of-the-newer-list"]);
});
