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
