/** The tone of those whom nobody has accepted: when one comes, then again each minute. */

import type { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import { hasNew, overdue } from "../core/review.ts";
import { serverNow } from "../core/server_clock.ts";

const AGAIN_MS = 60_000;
const LOOK_MS = 1_000;

export interface ToneHands {
  /** Seconds; whoever waits longer is the alarm's, which rings more often. null: there is none. */
  readonly until: number | null;
  readonly ring: () => void;
}

/** urgent: what nobody has accepted, of the whole incident. */
export function ringUntilAccepted(
  urgent: Observable<readonly Report[]>,
  { until, ring }: ToneHands,
): void {
  let known: readonly Report[] = [];
  let rangAt = 0;
  const now = () => {
    rangAt = Date.now();
    ring();
  };
  urgent.watch((reports) => {
    if (hasNew(reports, known)) now();
    known = reports;
  });
  setInterval(() => {
    if (known.length === 0 || Date.now() - rangAt < AGAIN_MS) return;
    if (until === null || overdue(known, serverNow(), until).length === 0) now();
  }, LOOK_MS);
}
