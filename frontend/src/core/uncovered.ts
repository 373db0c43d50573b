/** What of a view has not been read yet. */

import type { Box } from "./geometry.ts";

/** Boxes that cover `view` without `known`: none if it holds all of it, four at most. */
export function uncovered(view: Box, known: Box | null): Box[] {
  if (known === null) return [view];
  const [west, south, east, north] = view;
  const [w, s, e, n] = [
    Math.max(west, known[0]),
    Math.max(south, known[1]),
    Math.min(east, known[2]),
    Math.min(north, known[3]),
  ];
  if (w >= e || s >= n) return [view];
  const strips: Box[] = [
    [west, south, w, north],
    [e, south, east, north],
    [w, south, e, s],
    [w, n, e, north],
  ];
  return strips.filter((strip) => strip[0] < strip[2] && strip[1] < strip[3]);
}

/** Whether what was read holds all of the view. */
export function holds(known: Box | null, view: Box): boolean {
  return uncovered(view, known).length === 0;
}
