import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, holdsWords } from "../../frontend/src/core/fold.ts";

test("width, case, kana, dashes and blanks do not matter", () => {
  const alike = [
    ["７号館", "7号館"],
    ["ＷｉＦｉ", "wifi"],
    ["ｺﾐｭﾆﾃｨ", "コミュニティ"],
    ["コミュニティ", "こみゅにてぃ"],
    ["東ヶ丘", "東ケ丘"],
    ["７０２－１", "702-1"],
    ["702−1", "702ー1"],
    ["益城町 宮園", "益城町　宮園"],
    ["益城町 宮園", "益城町宮園"],
  ] as const;
  for (const [a, b] of alike) assert.equal(fold(a), fold(b), `${a} ${b}`);
});

test("what is another word stays another", () => {
  assert.notEqual(fold("体育館"), fold("公民館"));
  assert.notEqual(fold("は"), fold("ば"));
});

test("every word must be found, in any order", () => {
  const text = "広安西小学校\n益城町広崎１";
  assert.ok(holdsWords(text, "広崎1 小学校"));
  assert.ok(!holdsWords(text, "広崎 中学校"));
  assert.ok(holdsWords(text, ""));
  assert.ok(holdsWords(text, "  "));
});
