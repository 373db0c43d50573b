/** What may be public of a report, as far as a button must know it; the server decides the rest. */

import type { Geometry } from "geojson";
import type { ReportProperties } from "./report.ts";

/** Why the public never sees this report, released or not (gspace/access.py report_audiences). */
export type Hindrance = "rescue" | "status";

const NEVER_SHOWN = ["rejected", "withdrawn", "duplicate"];

export function hindrance({ category, status }: ReportProperties): Hindrance | null {
  if (category === "rescue") return "rescue";
  return NEVER_SHOWN.includes(status) ? "status" : null;
}

/** Whether everybody sees it now. */
export function isPublic(properties: ReportProperties): boolean {
  return properties.release === "public" && hindrance(properties) === null;
}

/** A building is somebody's home until headquarters says no. */
export function countsAsHome({ category, private_home }: ReportProperties): boolean {
  return private_home ?? category === "building";
}

/** How the public's place relates to ours: centre of a cell, or set apart by headquarters. */
export type ShownPlace = "none" | "exact" | "cell" | "other";

/** Side of a privacy cell in degrees (gspace/geo.py PRIVACY_CELL_DEG), about 500 m. */
const CELL_DEG = 0.005;
/** The API writes seven decimals. */
const EPSILON = 1e-6;

export function shownPlace(ours: Geometry | null, shown: Geometry | null): ShownPlace {
  if (!shown) return "none";
  if (JSON.stringify(ours) === JSON.stringify(shown)) return "exact";
  const centred = shown.type === "Point" && shown.coordinates.slice(0, 2).every(isCentre);
  return centred ? "cell" : "other";
}

function isCentre(degrees: number): boolean {
  const centre = (Math.floor(degrees / CELL_DEG) + 0.5) * CELL_DEG;
  return Math.abs(degrees - centre) < EPSILON;
}
