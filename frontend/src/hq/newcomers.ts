/** The queue 「新着 n 件」: what has come in and nobody at this desk has looked at yet. */

import { Observable } from "../core/observable.ts";
import { type Report, receivedAt } from "../core/report.ts";
import { byWorst } from "../core/review.ts";
import type { Remembered } from "./remembered.ts";

interface Kept {
  /** received_at of the newest report ever seen here; later ones are new, also after a reload. */
  readonly until: string;
  readonly ids: readonly string[];
}

/** Of a night in which nobody looks; those that wait are counted all the same. */
const MOST = 1_000;

export class Newcomers {
  readonly ids = new Observable<ReadonlySet<string>>(new Set());
  private readonly memory: Remembered;
  private until: string;

  constructor(memory: Remembered) {
    this.memory = memory;
    const kept = memory.get<Kept>("new");
    this.until = kept?.until ?? "";
    this.ids.set(new Set(kept?.ids ?? []));
  }

  /** Takes a snapshot: at the very first visit nothing is new, later what came meanwhile is. */
  open(reports: readonly Report[]): void {
    const known = new Set(reports.map((report) => report.id));
    const fresh = this.until === "" ? [] : reports.filter((report) => this.isNew(report));
    const kept = [...this.ids.value].filter((id) => known.has(id));
    this.keep([...kept, ...fresh.map((report) => report.id)], reports);
  }

  /** The same where only the latest are at hand: what was new stays so. */
  openPart(latest: readonly Report[]): void {
    const fresh = this.until === "" ? [] : latest.filter((report) => this.isNew(report));
    this.keep([...this.ids.value, ...fresh.map((report) => report.id)], latest);
  }

  arrived(reports: readonly Report[]): void {
    const fresh = reports.filter((report) => report.properties.status === "received");
    this.keep([...this.ids.value, ...fresh.map((report) => report.id)], reports);
  }

  seen(id: string): void {
    if (this.ids.value.has(id))
      this.keep(
        [...this.ids.value].filter((other) => other !== id),
        [],
      );
  }

  gone(ids: readonly string[]): void {
    for (const id of ids) this.seen(id);
  }

  /** Something about an older one needs to be looked at. */
  again(id: string): void {
    this.keep([...this.ids.value, id], []);
  }

  allSeen(): void {
    this.keep([], []);
  }

  /** The one to look at next: the worst, then the one waiting longest. */
  next(find: (id: string) => Report | null): Report | null {
    const reports = [...this.ids.value].map(find).filter((report) => report !== null);
    return reports.sort(byWorst)[0] ?? null;
  }

  private isNew(report: Report): boolean {
    return receivedAt(report) > Date.parse(this.until);
  }

  private keep(ids: readonly string[], reports: readonly Report[]): void {
    const times = reports.map((report) => report.properties.received_at);
    this.until = [this.until, ...times].reduce(later, "");
    const kept = [...new Set(ids)].slice(-MOST);
    this.memory.set("new", { until: this.until, ids: kept } satisfies Kept);
    this.ids.set(new Set(kept));
  }
}

function later(a: string, b: string): string {
  return (Date.parse(b) || 0) > (Date.parse(a) || 0) ? b : a;
}
