/** What nobody has accepted, for pages without a desk: asked for again and again. */

import type { Api } from "../core/api.ts";
import { Observable } from "../core/observable.ts";
import { type Pace, PacedReading } from "../core/pacing.ts";
import { isReport, type Report } from "../core/report.ts";

const AGAIN_MS = 10_000;
const PACE: Pace = { everyMs: AGAIN_MS, restTimes: 2, afterFailureMs: AGAIN_MS };
/** A line that was away for a moment is no news. */
const FAILURES = 3;

export class UrgentWatch {
  /** The bar says how many; beyond this it says so many at least. */
  static readonly MOST = 100;
  readonly urgent = new Observable<readonly Report[]>([]);
  /** Since when nothing could be read (ms since 1970); null while it can. */
  readonly unread = new Observable<number | null>(null);
  private readonly api: Api;
  private readonly url: string;
  private readonly reading = new PacedReading((unwanted) => this.read(unwanted), PACE);
  private failures = 0;
  private readAt = Date.now();

  /** reports: address of the incident's list. */
  constructor(reports: string, api: Api) {
    this.api = api;
    const limit = String(UrgentWatch.MOST);
    const query = new URLSearchParams({ urgent: "1", order: "oldest", limit });
    this.url = `${reports}?${query}`;
    this.reading.now();
    setInterval(() => this.reading.soon(), AGAIN_MS);
    // timers of a page behind another one run late
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.reading.now();
    });
  }

  // what is not known to be accepted goes on alarming
  private async read(unwanted: AbortSignal): Promise<void> {
    try {
      const { features } = await this.api.get<{ features: unknown[] }>(this.url, unwanted);
      if (unwanted.aborted) return;
      this.failures = 0;
      this.readAt = Date.now();
      this.unread.set(null);
      this.urgent.set(features.filter(isReport));
    } catch (error) {
      if (!unwanted.aborted) this.failed();
      throw error;
    }
  }

  private failed(): void {
    this.failures += 1;
    if (this.failures >= FAILURES) this.unread.set(this.readAt);
  }
}
