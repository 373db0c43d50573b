/** Where most of many points lie: one mistyped position must not shrink the rest to a dot. */

import type { Position } from "geojson";
import { type Box, distanceM } from "./geometry.ts";

/** Further from the middle than this many times the usual distance is far off. */
const FAR = 8;
/** Points this close together have no far off. */
const NEAR_M = 2_000;

export interface Bulk {
  /** Of those that are not far off. */
  readonly box: Box;
  readonly far: number;
}

/** null for no point. */
export function bulkOf(points: readonly Position[]): Bulk | null {
  const lon = points.map((point) => point[0] ?? 0);
  const lat = points.map((point) => point[1] ?? 0);
  const middle: Position = [median(lon), median(lat)];
  const distances = points.map((point) => distanceM(middle, point));
  const reach = Math.max(median(distances) * FAR, NEAR_M);
  const near = points.filter((_, at) => (distances[at] ?? 0) <= reach);
  if (near.length === 0) return null;
  return { box: boxAround(near), far: points.length - near.length };
}

function boxAround(points: readonly Position[]): Box {
  let [west, south, east, north] = [180, 90, -180, -90];
  // not Math.min(...): a hundred thousand arguments are too many
  for (const [lon = 0, lat = 0] of points) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return [west, south, east, north];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
