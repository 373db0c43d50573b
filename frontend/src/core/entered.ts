/** What PUT …/entered/{uuid} takes: a report that was told to headquarters. */

import type { ToldPlace } from "./told_place.ts";

export interface Told {
  readonly channel: string;
  readonly told_by: string;
  readonly category: string;
  readonly detail: string;
  readonly severity: string;
  readonly comment: string;
  readonly floor: string;
  /** RFC 3339, or null: not said. */
  readonly captured_at: string | null;
}

export function enteredBody(told: Told, place: ToldPlace): Record<string, unknown> {
  const said = Object.entries(told).map(([name, value]) => [name, clean(value)] as const);
  const { geometry, exact, accuracy_m, geometry_note } = place;
  return {
    ...Object.fromEntries(said),
    geometry,
    exact,
    accuracy_m,
    geometry_note: clean(geometry_note),
  };
}

/** Nothing said is null, never an empty word. */
function clean(value: string | null): string | null {
  return value?.trim() || null;
}

/** A UUID of version 4; randomUUID is missing where a LAN has no TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
