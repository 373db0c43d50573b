/** How far something is, in words. Straight lines only: no phone knows which roads are passable. */

import { number } from "../../core/language.ts";
import { plain } from "../../dom/say.ts";

/** "350 m", "1.2 km": no more digits than a position is worth. */
export function metresInWords(metres: number): string {
  if (metres < 1_000) return `${number(Math.max(10, Math.round(metres / 10) * 10))} m`;
  if (metres < 10_000) return `${number(metres / 1_000, 1)} km`;
  return `${number(Math.round(metres / 1_000))} km`;
}

/** 直線距離 1.2 km; "" when it is not known. */
export function straightLine(metres: number | null): string {
  if (metres === null) return "";
  return plain("{distance} in a straight line", { distance: metresInWords(metres) });
}
