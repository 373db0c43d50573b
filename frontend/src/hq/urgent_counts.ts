/** How many nobody has accepted, where a page holds a part of them: the server counts. */

import type { Api } from "../core/api.ts";
import { Observable } from "../core/observable.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import { serverNow } from "../core/server_clock.ts";

const PACE: Pace = { everyMs: 5_000, restTimes: 20, afterFailureMs: 5_000 };

/** late: those of `all` that have waited for too long. */
export interface UrgentCount {
  readonly all: number;
  readonly late: number;
}

export class UrgentCounts {
  /** null where the page holds all of them, or nobody has counted yet. */
  readonly told = new Observable<UrgentCount | null>(null);
  private readonly api: Api;
  private readonly url: string;
  private readonly after: number;
  private readonly reading = new PacedReading((unwanted) => this.read(unwanted), PACE);
  private isOn = false;

  /** url: where the incident's reports are counted. after: seconds that one may wait. */
  constructor(api: Api, url: string, after: number) {
    this.api = api;
    this.url = url;
    this.after = after;
  }

  /** on: the page holds a part. */
  turn(on: boolean): void {
    if (on === this.isOn) return;
    this.isOn = on;
    if (on) {
      this.reading.now();
      return;
    }
    this.reading.stop();
    this.told.set(null);
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const until = new Date(serverNow() - this.after * 1000).toISOString();
    const [all, late] = await Promise.all([
      this.count({}, unwanted),
      this.count({ until }, unwanted),
    ]);
    if (unwanted.aborted) return;
    const { value } = this.told;
    // whoever is told draws anew, and a screen reader says the alarm again
    if (value?.all !== all || value.late !== late) this.told.set({ all, late });
    // with time alone, more of them are late
    this.reading.soon();
  }

  private async count(more: Readonly<Record<string, string>>, unwanted: AbortSignal) {
    const query = new URLSearchParams({ urgent: "1", ...more });
    return (await this.api.get<{ total: number }>(`${this.url}?${query}`, unwanted)).total;
  }
}
