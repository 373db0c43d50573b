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
