import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import type { Frame, Heartbeat } from "../../frontend/src/core/frames.ts";
import { FrameError, isDoorbell, isHeartbeat, parseMessage } from "../../frontend/src/core/frames.ts";
import { example, exampleFrame } from "./examples.ts";

const NAMES = readdirSync(new URL("../../fixtures/changes/", import.meta.url))
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -5));

for (const name of NAMES) {
  test(`the example ${name} is read`, () => {
    assert.equal(isHeartbeat(example(name)), name === "heartbeat");
    assert.equal(isDoorbell(example(name)), name === "doorbell");
  });
}

test("reset is told apart", () => {
  assert.equal(exampleFrame("reset").reset, true);
  assert.equal(exampleFrame("empty").reset, undefined);
});

test("for whom it was made is read, and may be missing", () => {
  for (const name of ["report", "heartbeat", "reset"]) {
    const { audience, ...older } = example(name) as Frame | Heartbeat;
    assert.equal(audience, "hq");
    assert.equal("audience" in parseMessage(JSON.stringify(older)), false);
  }
});

test("half a frame is refused, not guessed", () => {
  for (const text of ["", "[]", "null", '{"epoch":"e"}', '{"heartbeat":true}']) {
    assert.throws(() => parseMessage(text), FrameError);
  }
});

test("an item without seq is refused", () => {
  const frame = { ...exampleFrame("empty"), items: [{ kind: "report", id: "a" }] };
  assert.throws(() => parseMessage(JSON.stringify(frame)), FrameError);
});
