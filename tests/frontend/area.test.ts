import assert from "node:assert/strict";
import { test } from "node:test";
import { inArea } from "../../frontend/src/core/area.ts";

test("what nobody can place is everybody's, and no area is all of them", () => {
  assert.equal(inArea("141186", ["141003", "141186"]), true);
  assert.equal(inArea("141305", ["141003", "141186"]), false);
  assert.equal(inArea(null, ["141003"]), true);
  assert.equal(inArea("131016", []), true);
});
