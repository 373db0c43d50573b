/** Where, and how sure that is, in words. */

import { compassPoint } from "../core/geometry.ts";
import { language, number, t } from "../core/language.ts";
import { bearingOf, type Report } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";

/** Positions of one report that lie farther apart than this need a second look (m). */
const DOUBTFUL_M = 100;

export interface PlaceLine {
  readonly text: string;
  readonly doubtful?: boolean;
}

export function placeLines(report: Report, words: Vocabulary): PlaceLine[] {
  if (!report.geometry)
    return [{ text: t("No place yet: nothing to put on the map."), doubtful: true }];
  const lines = [named(report), ruled(report, words), sure(report), apart(report), looking(report)];
  return lines.filter((line) => line !== null);
}

function named({ properties }: Report): PlaceLine | null {
  const { place_distance_m: metres } = properties;
  if (metres === null || metres === undefined) return null;
  return { text: t("{distance} from the named point", { distance: length(metres) }) };
}

function ruled({ properties }: Report, words: Vocabulary): PlaceLine {
  const chosen = properties.positions?.chosen ?? "none";
  return { text: t("Place from: {source}", { source: words.label("position_source", chosen) }) };
}

function sure({ properties }: Report): PlaceLine {
  const { accuracy_m: metres } = properties;
  if (metres === null || metres === undefined) return { text: t("Accuracy not reported") };
  const text = t("The place is within about ±{distance}", { distance: length(metres) });
  return { text, doubtful: metres > DOUBTFUL_M };
}

function apart({ properties }: Report): PlaceLine | null {
  const metres = properties.positions?.disagreement_m;
  if (metres === null || metres === undefined) return null;
  const text = t("The positions lie {distance} apart", { distance: length(metres) });
  return { text, doubtful: metres > DOUBTFUL_M };
}

function looking(report: Report): PlaceLine | null {
  const bearing = bearingOf(report);
  if (bearing === null) return null;
  const ref = report.properties.photos?.[0]?.exif?.bearing_ref;
  const degrees = number(bearing);
  const wind = windName(compassPoint(bearing));
  if (ref === "M") return { text: t("Facing {wind} ({degrees}°, magnetic)", { wind, degrees }) };
  return { text: t("Facing {wind} ({degrees}°)", { wind, degrees }) };
}

function windName(point: number): string {
  const winds = [
    t("north"),
    t("north-east"),
    t("east"),
    t("south-east"),
    t("south"),
    t("south-west"),
    t("west"),
    t("north-west"),
  ];
  return winds[point] ?? "";
}

/** 84 m, 1.2 km. */
export function length(metres: number): string {
  const unit = metres < 1_000 ? "meter" : "kilometer";
  const value = metres < 1_000 ? Math.round(metres) : Math.round(metres / 100) / 10;
  return new Intl.NumberFormat(language(), { style: "unit", unit }).format(value);
}
