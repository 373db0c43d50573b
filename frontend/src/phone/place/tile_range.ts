/** Which map tiles an area needs (web mercator, XYZ). A map at zoom z draws data of zoom z - 1. */

import type { Box } from "../../core/geometry.ts";

export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Deeper than this the built-in map has nothing more to say (map/basemap.ts, maxDataZoom). */
export const DEEPEST = 15;
export const MOST_TILES = 600;
export const MOST_TILES_UNASKED = 60;
/** How many zooms below the one in view are kept. */
const DEPTH = 3;
const URL = "/tiles/basemap/{z}/{x}/{y}.mvt";
// where web mercator ends
const LATITUDE_END = 85.0511;

export interface TilePlan {
  readonly tiles: readonly Tile[];
  /** Data zooms, both included. */
  readonly from: number;
  readonly to: number;
}

/** Of the view at this map zoom and three deeper; fewer where that would be too many. */
export function planOfView(box: Box, zoom: number): TilePlan {
  const from = clamp(Math.floor(zoom) - 1, 0, DEEPEST);
  return plan(box, from, Math.min(DEEPEST, from + DEPTH), MOST_TILES);
}

/** An overview of a whole incident: from where it fits on a small screen, as deep as is cheap. */
export function planOfIncident(box: Box): TilePlan {
  const from = Math.max(0, deepestWith(box, 4));
  return plan(box, from, DEEPEST, MOST_TILES_UNASKED);
}

function plan(box: Box, from: number, to: number, most: number): TilePlan {
  let tiles: Tile[] = [];
  let reached = from;
  for (let z = from; z <= to; z++) {
    if (tiles.length + countAt(box, z) > most) break;
    tiles = [...tiles, ...tilesAt(box, z)];
    reached = z;
  }
  return { tiles, from, to: reached };
}

function deepestWith(box: Box, most: number): number {
  let z = 0;
  while (z < DEEPEST && countAt(box, z + 1) <= most) z += 1;
  return z;
}

function countAt(box: Box, z: number): number {
  const { left, right, top, bottom } = rangeAt(box, z);
  return (right - left + 1) * (bottom - top + 1);
}

export function tilesAt(box: Box, z: number): Tile[] {
  const { left, right, top, bottom } = rangeAt(box, z);
  const found: Tile[] = [];
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) found.push({ z, x, y });
  return found;
}

function rangeAt([west, south, east, north]: Box, z: number) {
  const last = 2 ** z - 1;
  const column = (lon: number) => clamp(Math.floor(((lon + 180) / 360) * 2 ** z), 0, last);
  const row = (lat: number) => clamp(Math.floor(down(lat) * 2 ** z), 0, last);
  return { left: column(west), right: column(east), top: row(north), bottom: row(south) };
}

/** 0 is the upper edge of the world, 1 the lower. */
function down(latitude: number): number {
  const radians = (clamp(latitude, -LATITUDE_END, LATITUDE_END) * Math.PI) / 180;
  return (1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2;
}

export function tileUrl({ z, x, y }: Tile): string {
  return URL.replace("{z}", String(z)).replace("{x}", String(x)).replace("{y}", String(y));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
