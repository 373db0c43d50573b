/** A box as the API takes it. */

import type { Box } from "./geometry.ts";

/** west,south,east,north in degrees; west > east crosses ±180. A map may be moved round the world. */
export function boxText([west, south, east, north]: Box): string {
  const all = east - west >= 360;
  const [w, e] = all ? [-180, 180] : [wrapped(west), wrapped(east)];
  return [w, Math.max(south, -90), e, Math.min(north, 90)].map((n) => n.toFixed(6)).join();
}

function wrapped(lon: number): number {
  if (lon >= -180 && lon <= 180) return lon;
  return ((((lon + 180) % 360) + 360) % 360) - 180;
}
