import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cell, sizeOf, spread, toTsv } from "../../frontend/src/publish/paste.ts";

function cell(text: string, across = 1, down = 1): Cell {
  return { text, across, down };
}

test("cells are divided by tabs, rows by line ends", () => {
  const rows = [
    ["名称", "緯度"],
    ["東小", "32.78"],
  ];
  assert.equal(toTsv(rows), "名称\t緯度\n東小\t32.78");
});

test("a cell with tab, line end or quotation mark stands in quotes", () => {
  assert.equal(toTsv([["a\tb", 'c"d', "e\nf", "g"]]), '"a\tb"\t"c""d"\t"e\nf"\tg');
});

test("merged cells are repeated, so that columns stay below each other", () => {
  const rows = [
    [cell("区", 1, 2), cell("位置", 2)],
    [cell("緯度"), cell("経度")],
    [cell("東区"), cell("32.7"), cell("130.7")],
  ];
  assert.deepEqual(spread(rows), [
    ["区", "位置", "位置"],
    ["区", "緯度", "経度"],
    ["東区", "32.7", "130.7"],
  ]);
});

test("a short row has no holes, and spans cannot grow without end", () => {
  const [row] = spread([[cell("a", 1e9, 1e9), cell("b", Number.NaN)]]);
  assert.equal(row?.length, 1_001);
  assert.ok(row?.every((text) => typeof text === "string"));
});

test("the size counts rows that say something; line ends inside quotes divide none", () => {
  assert.deepEqual(sizeOf(""), { rows: 0, columns: 0 });
  assert.deepEqual(sizeOf("a\tb\r\n\r\nc\td\te\r\n"), { rows: 2, columns: 3 });
  assert.deepEqual(sizeOf('名称\t備考\n東小\t"一行目\n二行目"\n'), { rows: 2, columns: 2 });
});

test("what is written is counted alike when it is read", () => {
  const rows = [
    ["a", 'x\n"y"'],
    ["b", "z"],
  ];
  assert.deepEqual(sizeOf(toTsv(rows)), { rows: 2, columns: 2 });
});
