/**
 * Marks of many reports: what the tiles tell, put together until each mark has room on the screen.
 * Nothing is left out: the counts of all marks add up to those of the tiles.
 */

import type { Attribute, TileFeature } from "./mvt.ts";

/** Web mercator as a square: 0..1 from west to east and from north to south. */
export interface TilePoint {
  readonly x: number;
  readonly y: number;
  readonly count: number;
  readonly bySeverity: Readonly<Record<string, number>>;
  /** Received, and nobody has looked at them. */
  readonly unsorted: number;
  /** One report that stands for itself. */
  readonly single: Single | null;
}

export interface Single {
  readonly id: string;
  readonly category: string;
  readonly severity: string;
  readonly status: string;
}

export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** decoded: the layers of one tile of /tiles/reports/. */
export function tilePoints(decoded: ReadonlyMap<string, readonly TileFeature[]>, tile: Tile) {
  const points: TilePoint[] = [];
  const side = 2 ** tile.z;
  for (const [name, features] of decoded) {
    for (const { attributes, x, y } of features) {
      const at = { x: (tile.x + x) / side, y: (tile.y + y) / side };
      const told = name === "clusters" ? cluster(attributes) : single(attributes);
      if (told) points.push({ ...at, ...told });
    }
  }
  return points;
}

type Told = Omit<TilePoint, "x" | "y">;
type Attributes = Readonly<Record<string, Attribute>>;

function cluster(attributes: Attributes): Told {
  const bySeverity: Record<string, number> = {};
  for (const [name, n] of Object.entries(attributes)) {
    if (name.startsWith("n_") && !name.startsWith("n_s_")) bySeverity[name.slice(2)] = Number(n);
  }
  const unsorted = Number(attributes.n_s_received ?? 0);
  return { count: Number(attributes.count ?? 0), bySeverity, unsorted, single: null };
}

/** null for the part of a shape that is counted in another tile. */
function single(attributes: Attributes): Told | null {
  if (attributes.count === 0) return null;
  const text = (name: string) => String(attributes[name] ?? "");
  const found = {
    id: text("id"),
    category: text("category"),
    severity: text("severity"),
    status: text("status"),
  };
  const unsorted = found.status === "received" ? 1 : 0;
  return { count: 1, bySeverity: { [found.severity]: 1 }, unsorted, single: found };
}

export interface Cluster extends TilePoint {
  /** The same for the same square of the map at the same zoom. */
  readonly key: string;
}

/** cells: so many squares beside each other round the world. */
export function clustered(points: Iterable<TilePoint>, cells: number): Cluster[] {
  const groups = new Map<string, TilePoint[]>();
  for (const point of points) {
    const key = `${cells}/${Math.floor(point.x * cells)}/${Math.floor(point.y * cells)}`;
    const group = groups.get(key);
    if (group) group.push(point);
    else groups.set(key, [point]);
  }
  return [...groups].map(([key, group]) => ({ key, ...together(group) }));
}

function together(group: readonly TilePoint[]): TilePoint {
  const [only] = group;
  if (only && group.length === 1) return only;
  let [count, x, y, unsorted] = [0, 0, 0, 0];
  const bySeverity: Record<string, number> = {};
  for (const point of group) {
    count += point.count;
    x += point.x * point.count;
    y += point.y * point.count;
    unsorted += point.unsorted;
    for (const [code, n] of Object.entries(point.bySeverity)) {
      bySeverity[code] = (bySeverity[code] ?? 0) + n;
    }
  }
  return { x: x / count, y: y / count, count, bySeverity, unsorted, single: null };
}
