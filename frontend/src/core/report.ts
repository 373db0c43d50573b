/** A report as the API gives it (DESIGN 4.3). Times are RFC 3339 with offset, degrees WGS 84. */

import type { Feature, Geometry } from "geojson";
import type { Item } from "./frames.ts";

export interface Fix {
  readonly lon: number;
  readonly lat: number;
  readonly accuracy_m?: number | null;
}

export interface Positions {
  /** Which rule chose: operator, pin, device, exif, none. */
  readonly chosen: string;
  readonly device?: Fix | null;
  readonly exif?: Fix | null;
  readonly pin?: Fix | null;
  readonly operator?: Fix | null;
  readonly disagreement_m?: number | null;
}

export type PhotoState = "awaited" | "preview" | "stored" | "ready" | "unreadable";

export interface Photo {
  readonly id: string;
  readonly state: PhotoState;
  readonly reason?: string | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly preview_url?: string | null;
  readonly thumb_url?: string | null;
  readonly display_url?: string | null;
  readonly original_url?: string | null;
  readonly exif?: PhotoExif | null;
}

export interface PhotoExif {
  readonly bearing_deg?: number | null;
  readonly bearing_ref?: string | null;
  readonly taken_at?: string | null;
  readonly utc_offset?: string | null;
}

/** A photo somebody at headquarters has looked through: boxes filled in, for everybody's eyes. */
export interface PublicCopy {
  readonly id: string;
  /** Id of the photo it was made of. */
  readonly photo: string;
  readonly boxes: readonly (readonly [number, number, number, number])[];
  readonly width: number;
  readonly height: number;
  readonly display_url: string;
  readonly thumb_url: string;
}

export interface ReportProperties {
  /** Slug. */
  readonly incident?: string | null;
  readonly receipt: string;
  readonly status: string;
  readonly category: string;
  readonly severity: string;
  readonly version: number;
  readonly seq: number;
  readonly received_at: string;
  /** When anything of it changed last; headquarters and partners only. */
  readonly updated_at?: string | null;
  readonly captured_at?: string | null;
  readonly captured_in_future?: boolean | null;
  readonly clock_skew_s?: number | null;
  readonly detail?: string | null;
  readonly comment?: string | null;
  readonly comment_hq?: string | null;
  readonly floor?: string | null;
  readonly reason?: string | null;
  readonly bearing_deg?: number | null;
  readonly accuracy_m?: number | null;
  readonly municipality?: string | null;
  readonly municipality_name?: string | null;
  /** Place in words, Japanese and English, and metres to the named point. */
  readonly place?: string | null;
  readonly place_en?: string | null;
  readonly place_distance_m?: number | null;
  readonly geometry_note?: string | null;
  readonly positions?: Positions | null;
  readonly photos?: readonly Photo[] | null;
  readonly reporter?: string | null;
  /** phone, radio, fax, counter, social; null = from a device. */
  readonly channel?: string | null;
  /** Who told it, for headquarters only. */
  readonly told_by?: string | null;
  readonly organisation?: string | null;
  /** Partners are told it, and by when, of what is handed over. */
  readonly assigned_to?: string | null;
  readonly due_at?: string | null;
  /** When headquarters had it first, and who: the name for headquarters and the author only. */
  readonly accepted_at?: string | null;
  readonly accepted_by?: string | null;
  readonly merged_into?: string | null;
  /** none, partner or public; staff only, the public gets what is public. */
  readonly release?: string | null;
  readonly public_text?: string | null;
  /** null = as the category decides. */
  readonly private_home?: boolean | null;
  /** "rule" or "hand"; null = nobody has decided. */
  readonly release_how?: string | null;
  readonly public_place?: "rounded" | "municipality" | null;
  readonly redacted_geometry?: Geometry | null;
  readonly public_photos?: readonly PublicCopy[] | null;
}

export interface Report extends Feature<Geometry | null, ReportProperties> {
  readonly id: string;
}

/** Whether the server says this is a report; foreign shapes are ignored, not trusted. */
export function isReport(value: unknown): value is Report {
  if (typeof value !== "object" || value === null) return false;
  const { id, properties } = value as { id?: unknown; properties?: unknown };
  return typeof id === "string" && typeof properties === "object" && properties !== null;
}

/** When the service took it in (ms since 1970). */
export function receivedAt({ properties }: Report): number {
  return Date.parse(properties.received_at);
}

/** As the feed tells of it. */
export function asItem(feature: Report): Item {
  const { seq, version } = feature.properties;
  return { kind: "report", id: feature.id, seq, version, feature };
}

/** Degrees clockwise from north as the phone said, else as the first photo's EXIF said. */
export function bearingOf(report: Report): number | null {
  const own = report.properties.bearing_deg;
  if (typeof own === "number") return own;
  const photos = report.properties.photos ?? [];
  return photos.map((photo) => photo.exif?.bearing_deg).find((b) => typeof b === "number") ?? null;
}
