/** What nobody has accepted, for pages without a desk: asked for again and again, and at news. */

import type { Api } from "../core/api.ts";
import { Observable } from "../core/observable.ts";
import { isReport, type Report } from "../core/report.ts";

const AGAIN_MS = 10_000;
/** One second's news is one question. */
const SETTLE_MS = 1_000;
/** The bar says how many; beyond this it says so many at least. */
const MOST = 100;

export class UrgentWatch {
  readonly urgent = new Observable<readonly Report[]>([]);
  private readonly api: Api;
  private readonly url: string;
  private settles: ReturnType<typeof setTimeout> | undefined;

  /** reports: address of the incident's list. */
  constructor(reports: string, api: Api) {
    this.api = api;
    const query = new URLSearchParams({ urgent: "1", order: "oldest", limit: String(MOST) });
    this.url = `${reports}?${query}`;
    void this.read();
    setInterval(() => void this.read(), AGAIN_MS);
    // timers of a page behind another one run late
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.read();
    });
  }

  /** A report has changed: for a page that hears the feed anyway. */
  hint(): void {
    clearTimeout(this.settles);
    this.settles = setTimeout(() => void this.read(), SETTLE_MS);
  }

  private async read(): Promise<void> {
    try {
      const { features } = await this.api.get<{ features: readonly unknown[] }>(this.url);
      this.urgent.set(features.filter(isReport));
    } catch {
      // what is not known to be accepted goes on alarming
    }
  }
}
