/** Plain geometry on WGS 84 lon/lat degrees; distances in metres on a sphere (error < 0.6 %). */

import type { Geometry, Polygon, Position } from "geojson";

/** [west, south, east, north] in degrees. */
export type Box = readonly [number, number, number, number];

const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

export function positionsOf(geometry: Geometry | null): Position[] {
  if (geometry === null) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(positionsOf);
  return flatten(geometry.coordinates);
}

type Nested = Position | Position[] | Position[][] | Position[][][];

function flatten(coordinates: Nested): Position[] {
  if (coordinates.length === 0) return [];
  if (typeof coordinates[0] === "number") return [coordinates as Position];
  return (coordinates as Position[][]).flatMap((part) => flatten(part));
}

export function boxOf(geometry: Geometry | null): Box | null {
  const all = positionsOf(geometry);
  if (all.length === 0) return null;
  const lon = all.map((position) => position[0] ?? Number.NaN);
  const lat = all.map((position) => position[1] ?? Number.NaN);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}

export function boxesMeet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Where the mark of a shape stands: a point itself, else its middle vertex or box centre. */
export function markPosition(geometry: Geometry | null): Position | null {
  if (geometry === null) return null;
  if (geometry.type === "Point") return geometry.coordinates;
  const all = positionsOf(geometry);
  if (geometry.type === "LineString") return all[Math.floor(all.length / 2)] ?? null;
  const box = boxOf(geometry);
  return box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

export function distanceM(a: Position, b: Position): number {
  const [lonA = 0, latA = 0] = a;
  const [lonB = 0, latB = 0] = b;
  const h =
    Math.sin(((latB - latA) * RAD) / 2) ** 2 +
    Math.cos(latA * RAD) * Math.cos(latB * RAD) * Math.sin(((lonB - lonA) * RAD) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, h)));
}

/** The point `metres` away in direction `bearing` (degrees clockwise from true north). */
export function destination(from: Position, bearing: number, metres: number): Position {
  const [lon = 0, lat = 0] = from;
  const angle = metres / EARTH_M;
  const [phi, theta] = [lat * RAD, bearing * RAD];
  const sin = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(theta);
  const east = Math.sin(theta) * Math.sin(angle) * Math.cos(phi);
  const dLon = Math.atan2(east, Math.cos(angle) - Math.sin(phi) * sin);
  return [lon + dLon / RAD, Math.asin(sin) / RAD];
}

/** A view cone as a ring of positions: apex, arc, apex. `spread` is the whole angle, degrees. */
export function cone(apex: Position, bearing: number, metres: number, spread = 50): Position[] {
  const steps = 8;
  const arc = Array.from({ length: steps + 1 }, (_, i) =>
    destination(apex, bearing - spread / 2 + (spread * i) / steps, metres),
  );
  return [apex, ...arc, apex];
}

/** 8 compass points, 0 = north, clockwise. */
export function compassPoint(bearing: number): number {
  return Math.round((((bearing % 360) + 360) % 360) / 45) % 8;
}

/** An area within `metres` of a place. */
export function circle(at: Position, metres: number, corners = 32): Polygon {
  const ring = Array.from({ length: corners }, (_, i) =>
    destination(at, (-360 * i) / corners, metres).map((degrees) => Math.round(degrees * 1e6) / 1e6),
  );
  return { type: "Polygon", coordinates: [[...ring, ring[0] ?? at]] };
}
