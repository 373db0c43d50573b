/** What the server says of grid squares and of municipalities (reports/coverage.py, outlines.py), and
 * how it reads in words. */

import type { MultiPolygon, Polygon, Position } from "geojson";
import type { Box } from "./geometry.ts";
import { language, ngettext, t } from "./language.ts";
import { dayTime } from "./times.ts";

export const STATES = ["none", "all_clear", "reported"] as const;
export type State = (typeof STATES)[number];
/** What the map is parted into. */
export type By = "mesh" | "municipality";

export interface Told {
  readonly state: State;
  readonly reports: number;
  readonly all_clear: number;
  readonly worst: string | null;
  /** When somebody saw it, not when it arrived. */
  readonly last_at: string | null;
  readonly all_clear_at: string | null;
}

export interface Square extends Told {
  readonly mesh: string;
  readonly box: Box;
  /** Names in Japanese and English ("" where nobody knows it). */
  readonly towns: readonly (readonly [string, string])[];
}

export interface Municipality extends Told {
  readonly code: string;
  readonly name: string;
  readonly name_en: string;
  /** In view, for a label. */
  readonly at: Position;
  /** null where the map is too small for it. */
  readonly geometry: Polygon | MultiPolygon | null;
}

interface Counted {
  readonly as_of: string;
  readonly counts: Readonly<Record<State, number>>;
}

export interface SquaresData extends Counted {
  readonly squares: readonly Square[];
}

export interface MunicipalitiesData extends Counted {
  readonly municipalities: readonly Municipality[];
}

/** A wider part of the map would be a carpet, and too much for one answer. Degrees. */
const WIDEST: Readonly<Record<By, number>> = { mesh: 1.2, municipality: 6 };

export function isTooWide([west, south, east, north]: Box, by: By): boolean {
  return east - west > WIDEST[by] || north - south > WIDEST[by];
}

/** Silent ones first, then those that are well; by code, which goes by place. */
export function mostSilentFirst(all: readonly Municipality[]): readonly Municipality[] {
  const rank = ({ state }: Municipality) => STATES.indexOf(state);
  return all.toSorted((one, other) => rank(one) - rank(other) || (one.code < other.code ? -1 : 1));
}

export function stateWords(state: State): string {
  if (state === "none") return t("No report");
  return state === "all_clear" ? t("All clear") : t("Reported");
}

/** `No report`, `All clear at 14:05`, `3 reported, the last seen 14:05`. */
export function toldWords(told: Told, now: number): string {
  if (told.state === "none") return t("No report. That is not “no damage”.");
  const time = dayTime(told.last_at ?? "", now);
  if (told.state === "all_clear") return t("All clear at {time}", { time });
  const count = told.reports - told.all_clear;
  return ngettext(
    "{n} report, the last word of {time}",
    "{n} reports, the last word of {time}",
    count,
    { time },
  );
}

/** On the map itself, where there is room for a few signs. */
export function shortWords(told: Told, now: number): string {
  if (told.state === "none") return "";
  if (told.state === "reported") return String(told.reports - told.all_clear);
  // of another day the day alone: there is room for a few signs
  return `✓ ${dayTime(told.last_at ?? "", now).split(" ")[0]}`;
}

export function townNames(square: Square, most: number): string {
  const english = !language().startsWith("ja");
  const names = square.towns.map(([ja, en]) => (english && en ? en : ja));
  const more = names.length - most;
  const shown = names.slice(0, most).join(english ? ", " : "、");
  return more > 0 ? t("{names} and {n} more", { names: shown, n: more }) : shown;
}
