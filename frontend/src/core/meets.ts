/** Whether a shape meets an outline, edges included; plain, on WGS 84 degrees. */

import type { Geometry, Position } from "geojson";
import { type Box, boxesMeet, boxOf } from "./geometry.ts";
import { inRing } from "./inside.ts";

type Ring = readonly Position[];

/**
 * As ST_Intersects of PostGIS. The outline need not be closed; where it crosses itself, each of its
 * lobes counts. What has no place meets nothing.
 */
export function meets(outline: Ring, geometry: Geometry | null): boolean {
  if (geometry === null || outline.length < 3) return false;
  const box = boxOf(geometry);
  const around = boxOf({ type: "LineString", coordinates: [...outline] });
  return box !== null && around !== null && boxesMeet(box, around) && touches(outline, geometry);
}

export function ringOf([west, south, east, north]: Box): Position[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
}

function touches(outline: Ring, geometry: Geometry): boolean {
  const parts: { [K in Geometry["type"]]: (g: Extract<Geometry, { type: K }>) => boolean } = {
    Point: (g) => holds([outline], g.coordinates),
    MultiPoint: (g) => g.coordinates.some((at) => holds([outline], at)),
    LineString: (g) => meetsLine(outline, g.coordinates),
    MultiLineString: (g) => g.coordinates.some((line) => meetsLine(outline, line)),
    Polygon: (g) => meetsArea(outline, g.coordinates),
    MultiPolygon: (g) => g.coordinates.some((rings) => meetsArea(outline, rings)),
    GeometryCollection: (g) => g.geometries.some((one) => touches(outline, one)),
  };
  return (parts[geometry.type] as (g: Geometry) => boolean)(geometry);
}

function meetsLine(outline: Ring, line: Ring): boolean {
  return line.some((at) => holds([outline], at)) || cross(edges(outline), legs(line));
}

/** Two areas meet where a corner of one is in the other, or their edges cross. */
function meetsArea(outline: Ring, rings: readonly Ring[]): boolean {
  const [outer = []] = rings;
  return (
    outer.some((at) => holds([outline], at)) ||
    outline.some((at) => holds(rings, at)) ||
    rings.some((ring) => cross(edges(outline), edges(ring)))
  );
}

/** Inside an odd number of rings, or on an edge of one. */
function holds(rings: readonly Ring[], at: Position): boolean {
  if (rings.some((ring) => edges(ring).some(([a, b]) => isOn(a, b, at)))) return true;
  return rings.filter((ring) => inRing(ring, at)).length % 2 === 1;
}

type Leg = readonly [Position, Position];

function legs(line: Ring): Leg[] {
  return line.slice(1).map((b, at) => [line[at] as Position, b]);
}

/** Closed, whether the ring says so itself or not. */
function edges(ring: Ring): Leg[] {
  const [first] = ring;
  return first ? legs([...ring, first]) : [];
}

function cross(some: readonly Leg[], others: readonly Leg[]): boolean {
  return some.some((one) => others.some((other) => legsMeet(one, other)));
}

function legsMeet([a, b]: Leg, [c, d]: Leg): boolean {
  const [abc, abd] = [side(a, b, c), side(a, b, d)];
  const [cda, cdb] = [side(c, d, a), side(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return isOn(a, b, c) || isOn(a, b, d) || isOn(c, d, a) || isOn(c, d, b);
}

/** > 0 where `at` lies left of the way from a to b. */
function side([xa = 0, ya = 0]: Position, [xb = 0, yb = 0]: Position, at: Position): number {
  const [x = 0, y = 0] = at;
  return (xb - xa) * (y - ya) - (yb - ya) * (x - xa);
}

function isOn(a: Position, b: Position, at: Position): boolean {
  const between = (n: 0 | 1) => {
    const [from = 0, to = 0, here = 0] = [a[n], b[n], at[n]];
    return Math.min(from, to) <= here && here <= Math.max(from, to);
  };
  return side(a, b, at) === 0 && between(0) && between(1);
}
