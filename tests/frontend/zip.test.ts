import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, ZipWriter } from "../../frontend/src/core/zip.ts";

const AT = new Date(2016, 3, 16, 2, 11, 4);

async function written(files: readonly (readonly [string, Uint8Array<ArrayBuffer>])[]) {
  const zip = new ZipWriter();
  for (const [name, bytes] of files) zip.add({ name, bytes, at: AT });
  const path = join(mkdtempSync(join(tmpdir(), "zip-")), "made.zip");
  writeFileSync(path, Buffer.from(await zip.finish().arrayBuffer()));
  return path;
}

/** Python's zipfile checks headers against the directory, and each CRC. */
function read(path: string): Record<string, { hex: string; at: number[] }> {
  const script = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps({i.filename: {"hex": z.read(i).hex(), "at": i.date_time} for i in z.infolist()}))
`;
  return JSON.parse(execFileSync("python3", ["-c", script, path], { encoding: "utf-8" }));
}

test("another program reads what was written", async () => {
  const picture = new Uint8Array(70_000).map((_, at) => (at * 31) & 0xff);
  const words = new TextEncoder().encode('{"comment":"橋が落ちた"}');
  const found = read(
    await written([
      ["a/report.json", words],
      ["a/写真.jpg", picture],
      ["empty", new Uint8Array()],
    ]),
  );
  assert.deepEqual(Object.keys(found), ["a/report.json", "a/写真.jpg", "empty"]);
  assert.equal(found["a/report.json"]?.hex, Buffer.from(words).toString("hex"));
  assert.equal(found["a/写真.jpg"]?.hex, Buffer.from(picture).toString("hex"));
  assert.deepEqual(found["a/report.json"]?.at, [2016, 4, 16, 2, 11, 4]);
});

test("an archive of nothing is an archive", async () => {
  const path = await written([]);
  assert.equal(readFileSync(path).length, 22);
  assert.deepEqual(read(path), {});
});

test("a changed byte is noticed", async () => {
  const path = await written([["a", new TextEncoder().encode("unmistakable")]]);
  const bytes = readFileSync(path);
  const at = bytes.indexOf("unmistakable");
  bytes[at] = 0x55;
  writeFileSync(path, bytes);
  assert.throws(() => read(path));
});

test("CRC of the standard's check value", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

test("more entries than the format counts are refused, not cut", () => {
  const zip = new ZipWriter();
  const bytes = new Uint8Array();
  for (let n = 0; n < 0xffff; n++) zip.add({ name: `${n}`, bytes, at: AT });
  assert.throws(() => zip.add({ name: "one more", bytes, at: AT }), RangeError);
});
