/** One list of the server's for a part of a large incident's page; read again as things change. */

import { Observable } from "../core/observable.ts";
import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";

/** However much comes in, it is not asked more often (ms). */
const AGAIN_MS = 3_000;

export class ServerList {
  /** As read; what has changed here since is newer than the server's answer was. */
  readonly items = new Observable<readonly Report[]>([]);
  private readonly desk: Desk;
  private readonly query: () => URLSearchParams;
  private read: readonly Report[] = [];
  private isOn = false;
  private waits = false;
  private readAt = Number.NEGATIVE_INFINITY;
  private asked = "";

  /** query: which reports, in which order, how many. */
  constructor(desk: Desk, query: () => URLSearchParams) {
    this.desk = desk;
    this.query = query;
    desk.store.changed(() => {
      this.show();
      this.again();
    });
    desk.tally.changed(() => this.again());
    for (const chosen of [desk.filter, desk.ownAreaOnly, desk.large]) {
      (chosen as Observable<unknown>).changed(() => this.again());
    }
  }

  turn(on: boolean): void {
    this.isOn = on;
    this.again();
  }

  /** Soon, but not in a rush; at once where something else is asked than before. */
  again(): void {
    if (!this.isOn || !this.desk.large.value) return;
    const isOther = this.query().toString() !== this.asked;
    if (this.waits && !isOther) return;
    this.waits = true;
    const rest = isOther ? 0 : this.readAt + AGAIN_MS - performance.now();
    setTimeout(() => void this.load(), Math.max(0, rest));
  }

  private async load(): Promise<void> {
    this.waits = false;
    this.readAt = performance.now();
    const query = this.query().toString();
    this.asked = query;
    try {
      const url = `${this.desk.page.urls.reports}?${query}`;
      const { features } = await this.desk.api.get<{ features: readonly Report[] }>(url);
      if (query !== this.asked) return;
      this.read = features;
      this.show();
    } catch {
      // what was read stays; the badge tells its age, and the next change asks again
    }
  }

  private show(): void {
    if (this.isOn) this.items.set(this.read.map((report) => this.newest(report)));
  }

  private newest(report: Report): Report {
    const here = this.desk.store.get(report.id);
    return here && here.properties.seq >= report.properties.seq ? here : report;
  }
}
