import assert from "node:assert/strict";
import { test } from "node:test";
import { readJoinCode } from "../../frontend/src/phone/join/join_code.ts";

test("six digits, as fingers and Japanese keyboards make them", () => {
  for (const typed of [
    "482913",
    "482-913",
    " 482 913 ",
    "４８２９１３",
    "４８２ー９１３",
    "482−913",
  ]) {
    assert.deepEqual(readJoinCode(typed), { kind: "digits", code: "482913" }, typed);
  }
});

test("an invitation's code, alone or in its link", () => {
  const code = "aB3_x-Yz90Qw";
  for (const typed of [
    code,
    ` ${code}\n`,
    `https://g.example/m/join/${code}`,
    `https://g.example/m/join/${code}/?x=1`,
    `参加はこちら https://g.example/m/join/${code}`,
    "aB3_x−Yz90Qw",
  ]) {
    assert.deepEqual(readJoinCode(typed), { kind: "invitation", code }, typed);
  }
});

test("a hand-over's link", () => {
  const found = readJoinCode("https://g.example/m/?transfer=aB_c-1");
  assert.deepEqual(found, { kind: "transfer", code: "aB_c-1" });
});

test("nothing is nothing, and a broken link breaks nothing", () => {
  assert.equal(readJoinCode("  \n"), null);
  assert.deepEqual(readJoinCode("/m/join/%E0%A4%A"), { kind: "invitation", code: "%E0%A4%A" });
});
