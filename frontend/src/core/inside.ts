/** Whether a position lies in an area; plain, on WGS 84 degrees. */

import type { Geometry, Position } from "geojson";
import { destination } from "./geometry.ts";

const DIRECTIONS = [0, 45, 90, 135, 180, 225, 270, 315];

/**
 * Whether somebody who is within `accuracyM` of `at` may be inside. Points and lines have no
 * inside: of them nobody can be said to be outside.
 */
export function mayBeInside(area: Geometry, at: Position, accuracyM = 0): boolean {
  if (contains(area, at)) return true;
  if (accuracyM <= 0) return false;
  return DIRECTIONS.some((bearing) => contains(area, destination(at, bearing, accuracyM)));
}

function contains(area: Geometry, at: Position): boolean {
  if (area.type === "Polygon") return inRings(area.coordinates, at);
  if (area.type === "MultiPolygon") return area.coordinates.some((rings) => inRings(rings, at));
  if (area.type === "GeometryCollection") return area.geometries.some((one) => contains(one, at));
  return true;
}

/** Outer ring and holes: inside an odd number of them. */
function inRings(rings: readonly Position[][], at: Position): boolean {
  return rings.filter((ring) => inRing(ring, at)).length % 2 === 1;
}

/** A ray to the east crosses the ring, closed or not, an odd number of times. */
export function inRing(ring: readonly Position[], [x = 0, y = 0]: Position): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    const crosses = yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi;
    if (crosses) inside = !inside;
  }
  return inside;
}
