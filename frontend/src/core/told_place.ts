/** A place as it was told: never more exact than the words, unless somebody says "exactly here". */

import type { Geometry, Position } from "geojson";
import { type Box, circle, markPosition } from "./geometry.ts";

export interface ToldPlace {
  /** null: it needs a place. */
  readonly geometry: Geometry | null;
  /** Of a point: somebody said so. */
  readonly exact: boolean;
  readonly accuracy_m: number | null;
  /** What was told, in words, for whoever reads it later. */
  readonly geometry_note: string;
}

/** A district of the gazetteer (reports/areas.py). */
export interface District {
  readonly kind: "town" | "municipality";
  readonly name: string;
  readonly name_en: string | null;
  readonly municipality: string | null;
  readonly municipality_en: string | null;
  readonly lon: number;
  readonly lat: number;
  /** Of a circle; null where `area` is an outline. */
  readonly accuracy_m: number | null;
  readonly area: Geometry;
}

export const NO_PLACE: ToldPlace = {
  geometry: null,
  exact: false,
  accuracy_m: null,
  geometry_note: "",
};

/** Metres around a point that a person may mean; 0 = exactly here. */
export const SURENESS_M: readonly number[] = [50, 100, 300, 1_000, 3_000, 0];

/** `metres` 0: exactly there; else a circle. */
export function pointPlace(at: Position, metres: number, note: string): ToldPlace {
  const geometry_note = note.trim();
  if (metres === 0) {
    const geometry: Geometry = { type: "Point", coordinates: at.map(centimetre) };
    return { geometry, exact: true, accuracy_m: null, geometry_note };
  }
  return { geometry: circle(at, metres), exact: false, accuracy_m: metres, geometry_note };
}

/** `told`: the words that were typed, such as an address whose house is not known here. */
export function districtPlace(district: District, told: string): ToldPlace {
  const { area, accuracy_m } = district;
  return { geometry: area, exact: false, accuracy_m, geometry_note: told.trim() };
}

export function squarePlace([west, south, east, north]: Box, note: string): ToldPlace {
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  const geometry: Geometry = { type: "Polygon", coordinates: [corners] };
  return { geometry, exact: false, accuracy_m: null, geometry_note: note };
}

/** null where two corners are missing. */
export function linePlace(line: readonly Position[], note: string): ToldPlace | null {
  if (line.length < 2) return null;
  const coordinates = line.map((at) => at.map(centimetre));
  const geometry: Geometry = { type: "LineString", coordinates };
  return { geometry, exact: false, accuracy_m: null, geometry_note: note.trim() };
}

/** Another radius around the same middle, for what is a point or a circle around one. */
export function asSureAs(place: ToldPlace, metres: number): ToldPlace {
  const at = markPosition(place.geometry);
  return at === null ? place : pointPlace(at, metres, place.geometry_note);
}

// 7 decimals are a centimetre; more would pretend.
function centimetre(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}
