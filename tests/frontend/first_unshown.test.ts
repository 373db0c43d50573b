import assert from "node:assert/strict";
import { test } from "node:test";
import { FirstUnshown } from "../../frontend/src/core/first_unshown.ts";

test("an answer that holds the first of many changes will do, and one more for the others", () => {
  const unshown = new FirstUnshown();
  assert.deepEqual(unshown.next(5), { v: 5, isAll: true });
  for (const seq of [6, 7, 9]) unshown.told(seq);
  assert.deepEqual(unshown.next(9), { v: 6, isAll: false });
  assert.deepEqual(unshown.next(9), { v: 9, isAll: true });
  unshown.told(10);
  assert.deepEqual(unshown.next(10), { v: 10, isAll: true });
});
