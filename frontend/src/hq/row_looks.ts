/** How a row looks beside what its report says: new at this desk, ticked, open elsewhere. */

import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

export interface RowLooks {
  readonly isNew: boolean;
  /** null where nothing can be ticked. */
  readonly isTicked: boolean | null;
  /** Names of colleagues who have it open. */
  readonly claims: readonly string[];
}

export function looksOf(report: Report, desk: Desk): RowLooks {
  return {
    isNew: desk.newcomers.ids.value.has(report.id),
    isTicked: desk.mayEdit ? desk.ticks.has(report.id) : null,
    claims: desk.claims.of(report.id),
  };
}

/** Calls back when some row may look different. */
export function whenLooksChange(desk: Desk, again: () => void): void {
  desk.newcomers.ids.changed(again);
  desk.ticks.chosen.changed(again);
  desk.claims.others.changed(again);
}
