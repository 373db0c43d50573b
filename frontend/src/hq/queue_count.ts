/** How many wait unreviewed and since when, for pages without a desk: the server counts. */

import type { Api } from "../core/api.ts";
import { Observable } from "../core/observable.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import { NOTHING_COUNTED, type Waiting } from "../core/tally.ts";
import { everythingIn } from "./asked.ts";

const AGAIN_MS = 10_000;
const PACE: Pace = { everyMs: AGAIN_MS, restTimes: 20, afterFailureMs: AGAIN_MS };

interface Counts {
  readonly waiting: number | null;
  readonly oldest_waiting_at: string | null;
}

export class QueueCount {
  readonly told = new Observable<Waiting>(NOTHING_COUNTED);
  private readonly api: Api;
  private readonly url: string;
  private readonly reading = new PacedReading((unwanted) => this.read(unwanted), PACE);

  /** url: where the incident's reports are counted. area: as the desk opens, empty = all. */
  constructor(api: Api, url: string, area: readonly string[]) {
    this.api = api;
    this.url = `${url}?${everythingIn(area)}`;
    this.reading.now();
    setInterval(() => this.reading.soon(), AGAIN_MS);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.reading.now();
    });
  }

  // after a failure what was counted before stands, and goes on ageing
  private async read(unwanted: AbortSignal): Promise<void> {
    const counts = await this.api.get<Counts>(this.url, unwanted);
    if (unwanted.aborted) return;
    const oldest = Date.parse(counts.oldest_waiting_at ?? "");
    this.told.set({
      known: true,
      waiting: counts.waiting ?? 0,
      oldestWaitingAt: Number.isNaN(oldest) ? null : oldest,
    });
  }
}
