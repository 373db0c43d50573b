/** One list of the server's for a part of a large incident's page; read again as things change. */

import { hangsOnContext } from "../core/filter.ts";
import { Observable } from "../core/observable.ts";
import { PacedReading } from "../core/pacing.ts";
import type { Report } from "../core/report.ts";
import type { Desk } from "./desk.ts";
import { readPage } from "./pages.ts";

export class ServerList {
  /** As read; what has changed here since is newer than the server's answer was. */
  readonly items = new Observable<readonly Report[]>([]);
  private readonly desk: Desk;
  private readonly query: () => URLSearchParams;
  private readonly reading = new PacedReading((unwanted) => this.load(unwanted));
  private read: readonly Report[] = [];
  private isOn = false;
  /** false: nothing of it is known, not even that there is none. */
  isRead = false;

  /** query: which reports, in which order, how many. */
  constructor(desk: Desk, query: () => URLSearchParams) {
    this.desk = desk;
    this.query = query;
    desk.behind.watch(this.reading);
    desk.store.changed(() => this.show());
    desk.feedAt.changed(() => this.soon());
    desk.context.changed(() => hangsOnContext(desk.filter.value) && this.elapsed());
    desk.large.changed(() => this.now());
    for (const chosen of [desk.filter, desk.ownAreaOnly]) chosen.changed(() => this.filtered());
  }

  turn(on: boolean): void {
    this.isOn = on;
    this.now();
  }

  /** Something else is asked for. */
  now(): void {
    if (this.isWanted) this.reading.now();
    else this.reading.stop();
  }

  /** How many the server listed, whatever has left since. */
  get length(): number {
    return this.read.length;
  }

  private filtered(): void {
    if (!this.isWanted) return;
    this.reading.settled();
    this.show();
  }

  private elapsed(): void {
    this.soon();
    this.show();
  }

  private soon(): void {
    if (this.isWanted) this.reading.soon();
  }

  private get isWanted(): boolean {
    return this.isOn && this.desk.large.value;
  }

  private async load(unwanted: AbortSignal): Promise<void> {
    const { features } = await readPage(this.desk, this.query(), {}, unwanted);
    if (unwanted.aborted) return;
    this.read = features;
    this.isRead = true;
    this.show();
  }

  private show(): void {
    if (!this.isWanted) return;
    const now = this.read.map((report) => this.newest(report));
    // what the filters of before have listed hides at once
    this.items.set(now.filter((report) => this.desk.lets(report)));
  }

  private newest(report: Report): Report {
    const here = this.desk.store.get(report.id);
    return here && here.properties.seq >= report.properties.seq ? here : report;
  }
}
