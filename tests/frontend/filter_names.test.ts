import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Desk } from "../../frontend/src/hq/desk.ts";
import { FilterNames } from "../../frontend/src/hq/filter_names.ts";

const TOWNS = { "431001": "熊本市", "434434": "益城町" };

/** Names over a server that can be told to fail. */
function namesOf(server: { isDown: boolean }) {
  const asked: string[] = [];
  const get = async (url: string) => {
    asked.push(new URL(url, "http://x").searchParams.get("codes") ?? "");
    if (server.isDown) throw new TypeError("no connection");
    const items = Object.entries(TOWNS).map(([code, name]) => ({ code, name, name_en: "" }));
    return { items };
  };
  const page = { organisations: [], urls: { municipalities: "/municipalities" } };
  return { names: new FilterNames({ api: { get }, page } as unknown as Desk), asked };
}

async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

test("all names that a filter lacks are asked for at once, and again after a failure", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const server = { isDown: true };
  const { names, asked } = namesOf(server);
  const told = () => Object.keys(TOWNS).map(names.municipality);
  assert.deepEqual(told(), Object.keys(TOWNS), "codes until then");
  await pass(0);
  assert.deepEqual(asked, ["431001,434434"]);
  server.isDown = false;
  for (let turn = 0; turn < 3; turn += 1) await pass(5_000);
  assert.deepEqual(asked, ["431001,434434", "431001,434434"]);
  assert.deepEqual(told(), Object.values(TOWNS));
  mock.timers.reset();
});

test("what cannot be read is not said to be nothing", async () => {
  const { names } = namesOf({ isDown: true });
  await assert.rejects(names.find("益城"));
});
