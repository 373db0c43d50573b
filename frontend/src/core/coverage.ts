/** What the server says of grid squares (reports/coverage.py), and how it reads in words. */

import type { Box } from "./geometry.ts";
import { language, ngettext, t } from "./language.ts";
import { dayTime } from "./times.ts";

export type SquareState = "none" | "all_clear" | "reported";

export interface Square {
  readonly mesh: string;
  readonly box: Box;
  readonly state: SquareState;
  readonly reports: number;
  readonly all_clear: number;
  readonly worst: string | null;
  /** When somebody saw it, not when it arrived. */
  readonly last_at: string | null;
  readonly all_clear_at: string | null;
  /** Names in Japanese and English ("" where nobody knows it). */
  readonly towns: readonly (readonly [string, string])[];
}

export interface CoverageData {
  readonly as_of: string;
  readonly counts: Readonly<Record<SquareState, number>>;
  readonly squares: readonly Square[];
}

/** A wider part of the map would be a carpet, and too much for one answer. Degrees. */
const WIDEST = 1.2;

export function isTooWide([west, south, east, north]: Box): boolean {
  return east - west > WIDEST || north - south > WIDEST;
}

export function stateWords(state: SquareState): string {
  if (state === "none") return t("No report");
  return state === "all_clear" ? t("All clear") : t("Reported");
}

/** `No report`, `All clear at 14:05`, `3 reported, the last seen 14:05`. */
export function squareWords(square: Square, now: number): string {
  if (square.state === "none") return t("No report. That is not “no damage”.");
  const time = dayTime(square.last_at ?? "", now);
  if (square.state === "all_clear") return t("All clear at {time}", { time });
  const count = square.reports - square.all_clear;
  return ngettext(
    "{n} report, the last word of {time}",
    "{n} reports, the last word of {time}",
    count,
    { time },
  );
}

/** On the square itself, where there is room for a few signs. */
export function shortWords(square: Square, now: number): string {
  if (square.state === "none") return "";
  if (square.state === "reported") return String(square.reports - square.all_clear);
  // of another day the day alone: a square is a few signs wide
  return `✓ ${dayTime(square.last_at ?? "", now).split(" ")[0]}`;
}

export function townNames(square: Square, most: number): string {
  const english = !language().startsWith("ja");
  const names = square.towns.map(([ja, en]) => (english && en ? en : ja));
  const more = names.length - most;
  const shown = names.slice(0, most).join(english ? ", " : "、");
  return more > 0 ? t("{names} and {n} more", { names: shown, n: more }) : shown;
}
