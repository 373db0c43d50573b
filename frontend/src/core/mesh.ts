/** Standard grid squares (地域メッシュ, JIS X 0410); the same rule as gspace/mesh.py. */

import type { Box } from "./geometry.ts";

const CODE = /^\d{4}([0-7]{2}(\d{2}[1-4]{0,3})?)?$/;

/** West, south, east, north in degrees; null where it is no code. */
export function meshCell(text: string): Box | null {
  const code = text.replace(/-/g, "");
  if (!CODE.test(code)) return null;
  const digit = (at: number) => Number(code[at]);
  let [south, west] = [Number(code.slice(0, 2)) / 1.5, Number(code.slice(2, 4)) + 100];
  let [height, width] = [2 / 3, 1];
  const split = (parts: number, row: number, column: number) => {
    [height, width] = [height / parts, width / parts];
    [south, west] = [south + row * height, west + column * width];
  };
  if (code.length >= 6) split(8, digit(4), digit(5));
  if (code.length >= 8) split(10, digit(6), digit(7));
  for (let at = 8; at < code.length; at += 1) {
    split(2, Math.floor((digit(at) - 1) / 2), (digit(at) - 1) % 2);
  }
  return [west, south, west + width, south + height];
}

/** Rounding leaves a position on an edge this many cells before it, at most: it lies beyond. */
const HAIR = 1e-7;

/**
 * The square that holds a position: 4 digits 80 km, 6 10 km, 8 1 km, 9 500 m, 10 250 m, 11 125 m.
 * An edge belongs to the square north or east of it. null where the standard has no square: west
 * of 100 and east of 180 degrees, south of the equator, north of 66 degrees 40 minutes.
 */
export function meshCode(lon: number, lat: number, length = 8): string | null {
  const halvings = Math.max(0, length - 8);
  // counted in the smallest squares asked for, from the equator and from 100 degrees east
  const row = Math.floor(lat * 120 * 2 ** halvings + HAIR);
  const column = Math.floor((lon - 100) * 80 * 2 ** halvings + HAIR);
  if (row < 0 || column < 0 || row >= 8_000 * 2 ** halvings || column >= 6_400 * 2 ** halvings) {
    return null;
  }
  const [third, fourth] = [row >> halvings, column >> halvings];
  const pad = (number: number) => String(number).padStart(2, "0");
  const first = pad(Math.floor(third / 80)) + pad(Math.floor(fourth / 80));
  const second = `${Math.floor(third / 10) % 8}${Math.floor(fourth / 10) % 8}`;
  let code = `${first}${second}${third % 10}${fourth % 10}`;
  for (let at = halvings - 1; at >= 0; at -= 1) {
    code += 1 + 2 * ((row >> at) & 1) + ((column >> at) & 1);
  }
  return code.slice(0, length);
}
