import assert from "node:assert/strict";
import { test } from "node:test";
import { clustered, type TilePoint, tilePoints } from "../../frontend/src/core/clusters.ts";
import { decodeTile } from "../../frontend/src/core/mvt.ts";
import { holds, uncovered } from "../../frontend/src/core/uncovered.ts";

const SINGLE = { id: "a", category: "fire", severity: "critical", status: "received" };

function point(x: number, y: number, count: number): TilePoint {
  const single = count === 1 ? SINGLE : null;
  return { x, y, count, bySeverity: { critical: 1, minor: count - 1 }, unsorted: 1, single };
}

test("whatever the marks' room, their counts add up to all", () => {
  const points = Array.from({ length: 500 }, (_, n) =>
    point((n * 0.37) % 1, (n * 0.61) % 1, (n % 7) + 1),
  );
  const total = points.reduce((sum, one) => sum + one.count, 0);
  for (const cells of [1, 3, 64, 100_000]) {
    const marks = clustered(points, cells);
    assert.equal(marks.reduce((sum, one) => sum + one.count, 0), total);
    const bySeverity = marks.flatMap((one) => Object.values(one.bySeverity));
    assert.equal(bySeverity.reduce((sum, n) => sum + n, 0), total);
    assert.equal(new Set(marks.map((one) => one.key)).size, marks.length);
  }
});

test("one that is alone stays itself; two become a number between them", () => {
  assert.deepEqual(clustered([point(0.1, 0.1, 1)], 1)[0]?.single, SINGLE);
  const [mark] = clustered([point(0.25, 0.5, 1), point(0.75, 0.5, 3)], 1);
  assert.deepEqual([mark?.count, mark?.x, mark?.single], [4, 0.625, null]);
});

test("clusters, single reports and the far parts of shapes are told apart", () => {
  const decoded = new Map([
    ["clusters", [{ attributes: { count: 7, n_critical: 2, n_minor: 5, n_s_received: 3 }, x: 0.5, y: 0.5 }]],
    [
      "features",
      [
        { attributes: { ...SINGLE }, x: 0.25, y: 0 },
        { attributes: { ...SINGLE, id: "elsewhere", count: 0 }, x: 0, y: 0 },
      ],
    ],
  ]);
  const points = tilePoints(decoded, { z: 1, x: 1, y: 0 });
  assert.equal(points.length, 2);
  assert.deepEqual(points[0], {
    x: 0.75,
    y: 0.25,
    count: 7,
    bySeverity: { critical: 2, minor: 5 },
    unsorted: 3,
    single: null,
  });
  assert.deepEqual(points[1]?.single, SINGLE);
});

test("a tile that is cut short is no tile", () => {
  assert.throws(() => decodeTile(Uint8Array.from([0x1a, 0x5e, 0x0a, 0x08, 0x63])), RangeError);
});

function field(number: number, wire: number, ...bytes: number[]): number[] {
  return [number * 8 + wire, ...bytes];
}

function part(number: number, bytes: readonly number[]): number[] {
  return field(number, 2, bytes.length, ...bytes);
}

const text = (words: string) => [...new TextEncoder().encode(words)];

test("a tile's names, numbers and first vertices are read", () => {
  const feature = [
    ...part(2, [0, 0, 1, 1, 2, 2, 3, 3]),
    ...field(3, 0, 1),
    // move to (2048, -1), as zigzag varints
    ...part(4, [9, 0x80, 0x20, 1]),
  ];
  const layer = [
    ...part(1, text("clusters")),
    ...part(2, feature),
    ...["count", "worst", "shape", "below"].flatMap((key) => part(3, text(key))),
    ...part(4, field(5, 0, 0xac, 0x02)),
    ...part(4, part(1, text("critical"))),
    ...part(4, field(7, 0, 1)),
    ...part(4, field(6, 0, 3)),
    ...field(5, 0, 0x80, 0x20),
    ...field(15, 0, 2),
  ];
  const [found] = decodeTile(Uint8Array.from(part(3, layer))).get("clusters") ?? [];
  assert.deepEqual(found, {
    attributes: { count: 300, worst: "critical", shape: true, below: -2 },
    x: 0.5,
    y: -1 / 4096,
  });
});

test("only what a view newly shows is read", () => {
  assert.deepEqual(uncovered([0, 0, 10, 10], null), [[0, 0, 10, 10]]);
  assert.deepEqual(uncovered([2, 0, 12, 10], [0, 0, 10, 10]), [[10, 0, 12, 10]]);
  assert.equal(uncovered([-1, -1, 11, 11], [0, 0, 10, 10]).length, 4);
  assert.deepEqual(uncovered([20, 0, 30, 10], [0, 0, 10, 10]), [[20, 0, 30, 10]]);
  assert.equal(holds([0, 0, 10, 10], [1, 1, 9, 9]), true);
});
