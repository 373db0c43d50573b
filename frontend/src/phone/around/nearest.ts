/**
 * Places to go to, in the order in which they may be offered: usable ones first, then by distance.
 * The same rules as layers/nearest.py and frontend/nearest.py, for a phone without a network.
 */

import { distanceM, positionsOf } from "../../core/geometry.ts";
import type { LayerFeature, LayerInfo } from "../../core/layer.ts";

/** In the order in which people need them (frontend/nearest.py). */
export const PLACE_KINDS: readonly string[] = [
  "shelter",
  "water",
  "food",
  "goods_distribution",
  "toilet",
  "bath",
  "charging",
  "wifi",
  "medical",
  "fuel",
  "evacuation_site",
  "temporary_stay",
  "welfare_shelter",
  "goods_reception",
  "waste",
];

/** They are open or not; the others run or have ended. */
const SHELTERS = new Set(["shelter", "welfare_shelter", "temporary_stay"]);
/** A site says nothing about being open: the nearest is what matters. */
const STATELESS = "evacuation_site";
const SOON = new Set(["open", "permanent", "running", "ordered", "planned"]);

export interface SupportPlace {
  readonly feature: LayerFeature;
  readonly info: LayerInfo;
}

export interface RankedPlace extends SupportPlace {
  /** 0 usable, 1 soon, full or in dispute, 2 not known, 3 not usable. */
  readonly rank: number;
  /** Straight line to its nearest corner; null without either position. */
  readonly metres: number | null;
}

/** Whether it may be shown as a place to go to at all, open or not. */
export function mayBeOffered({ feature, info }: SupportPlace, hazard: string | null): boolean {
  if (!PLACE_KINDS.includes(info.kind)) return false;
  const { attributes } = feature.properties;
  // an unknown flag is no yes
  if (info.kind === STATELESS) return hazard !== null && attributes?.hazards?.[hazard] === true;
  if (info.kind === "welfare_shelter") return attributes?.may_be_offered === true;
  return true;
}

export function rankOf({ feature, info }: SupportPlace): number {
  if (info.kind === STATELESS) return 0;
  const { state, conflict } = feature.properties;
  const operation = state?.operation ?? "unknown";
  const disputed = (conflict ?? []).some((one) => one.field === "operation");
  const usable = operation === (SHELTERS.has(info.kind) ? "open" : "running");
  if (usable && !disputed) return state?.congestion === "full" ? 1 : 0;
  if (SOON.has(operation)) return 1;
  return operation === "unknown" ? 2 : 3;
}

export function nearestFirst(
  places: readonly SupportPlace[],
  here: readonly [number, number] | null,
): RankedPlace[] {
  return places
    .map((place) => ({ ...place, rank: rankOf(place), metres: metresTo(place.feature, here) }))
    .sort((a, b) => a.rank - b.rank || byDistance(a, b) || byName(a, b));
}

/** For people who go there to look: whatever its state. */
export function byDistance(a: RankedPlace, b: RankedPlace): number {
  const far = Number.POSITIVE_INFINITY;
  const [first, second] = [a.metres ?? far, b.metres ?? far];
  return first === second ? 0 : first - second;
}

function byName(a: RankedPlace, b: RankedPlace): number {
  return (a.feature.properties.name ?? "").localeCompare(b.feature.properties.name ?? "", "ja");
}

function metresTo(feature: LayerFeature, here: readonly [number, number] | null): number | null {
  if (here === null) return null;
  const all = positionsOf(feature.geometry).map((corner) => distanceM([...here], corner));
  return all.length === 0 ? null : Math.min(...all);
}
