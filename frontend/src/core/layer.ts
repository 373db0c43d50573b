/** Layers of the organisations and their features, as /api/v1/layers gives them. */

import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { Situation } from "./situation.ts";

export interface LayerInfo {
  readonly slug: string;
  readonly title: string;
  readonly title_en?: string | null;
  readonly kind: string;
  readonly publisher?: Publisher | null;
  readonly source_name?: string | null;
  readonly source_as_of?: string | null;
  readonly published_at?: string | null;
  readonly attribution?: string | null;
  readonly licence?: string | null;
  readonly coverage?: string | null;
  readonly reuse?: boolean | null;
  readonly source_url?: string | null;
  /** The interval the publisher promised (s). */
  readonly refresh_s?: number | null;
  readonly checked_at?: string | null;
  readonly feature_count?: number | null;
  /** Of these, so many are in lists only. */
  readonly without_place?: number | null;
  /** true when the interval the publisher promised has passed. */
  readonly stale?: boolean | null;
  /** Slug of the incident it was made for; null = standing, for all. */
  readonly incident?: string | null;
  /** Number of the published version, and the layer's position in the feed. */
  readonly version?: number | null;
  readonly seq?: number;
}

export interface Publisher {
  readonly name: string;
  readonly name_en?: string | null;
}

/** Every field may be missing: "not reported" is never zero and never "closed". */
export interface LiveState {
  readonly operation?: string | null;
  readonly congestion?: string | null;
  readonly traffic?: string | null;
  readonly persons?: number | null;
  readonly note?: string | null;
  readonly checked_at?: string | null;
}

/** Of a field with a value: whose word it is, and as of when. */
export interface Word {
  /** file or hand. */
  readonly from: string;
  readonly source_as_of?: string | null;
  /** By hand: who, for staff only. */
  readonly by?: string | null;
}

export interface LayerProperties {
  /** Slug of the layer. */
  readonly layer?: string | null;
  /** Without its layer; the id of a feature in the feed names both. */
  readonly feature_id?: string;
  readonly name?: string | null;
  readonly name_en?: string | null;
  readonly address?: string | null;
  readonly municipality?: string | null;
  readonly state?: LiveState | null;
  readonly state_sources?: Readonly<Record<string, Word>> | null;
  /** The latest visit. */
  readonly situation?: Situation | null;
  readonly source_as_of?: string | null;
  readonly source_name?: string | null;
  readonly publisher?: string | null;
  readonly publisher_en?: string | null;
  readonly estimated?: boolean | null;
  /** Fields on which sources of the same time disagree. */
  readonly conflict?: readonly { readonly field: string }[] | null;
  readonly attributes?: Attributes | null;
}

/** What else the publisher says of it, as it is. */
export interface Attributes {
  /** Of an evacuation site: for which hazards it is designated. */
  readonly hazards?: Readonly<Record<string, boolean>> | null;
  /** Of a welfare shelter: people may come by themselves. */
  readonly may_be_offered?: boolean | null;
}

export type LayerFeature = Feature<Geometry | null, LayerProperties>;
/** numberMatched counts all that were asked for, numberReturned those in the answer. */
export interface LayerFeatures extends FeatureCollection<Geometry | null, LayerProperties> {
  readonly numberMatched?: number;
  /** The layer's position in the feed in the same snapshot. */
  readonly seq?: number;
}

/** Whether the promised interval has passed; null when nothing was promised. */
export function isStale(info: LayerInfo, now: number): boolean | null {
  const times = [info.published_at, info.checked_at].flatMap((at) => (at ? [Date.parse(at)] : []));
  if (!info.refresh_s || times.length === 0) return null;
  return now - Math.max(...times) > info.refresh_s * 1000;
}

/** Shown when the page opens for the first time: what a report is read against. */
export const SHOWN_AT_FIRST: ReadonlySet<string> = new Set([
  "shelter",
  "welfare_shelter",
  "water",
  "road_closure",
]);
