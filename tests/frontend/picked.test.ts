import assert from "node:assert/strict";
import { test } from "node:test";
import { readDegrees, readLine, readPoint, writeDegrees, writeLine } from "../../frontend/src/publish/picked.ts";

test("degrees are read as people type them", () => {
  assert.equal(readDegrees(" 32.79 ", 90), 32.79);
  assert.equal(readDegrees("３２．７９", 90), 32.79);
  assert.equal(readDegrees("32,79", 90), 32.79);
  assert.equal(readDegrees("-0.5", 90), -0.5);
  assert.equal(readDegrees("0", 90), 0);
});

test("what is no position is none, never zero", () => {
  for (const text of ["", " ", "x", "32.", "1e3", "32°47′", "91"]) assert.equal(readDegrees(text, 90), null);
  assert.equal(readPoint("130.7", ""), null);
  assert.equal(readPoint("", "32.8"), null);
  assert.deepEqual(readPoint("130.7", "32.8"), [130.7, 32.8]);
});

test("degrees are written to a centimetre, without idle zeros", () => {
  assert.equal(writeDegrees(130.7), "130.7");
  assert.equal(writeDegrees(32), "32");
  assert.equal(writeDegrees(100), "100");
  assert.equal(writeDegrees(130.123456789), "130.1234568");
});

test("a line needs two points, and is read as it was written", () => {
  assert.equal(writeLine([]), "");
  assert.equal(writeLine([[130.7, 32.8]]), "");
  const line = [[130.7, 32.8], [130.71, 32.81], [130.72, 32.8]];
  assert.deepEqual(readLine(writeLine(line)), line);
  assert.deepEqual(readLine(""), []);
});
