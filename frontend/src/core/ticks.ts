/** The reports chosen for a change at once, each as it was seen when it was ticked. */

import { Observable } from "./observable.ts";
import type { Report } from "./report.ts";

type Chosen = ReadonlyMap<string, Report>;

export class Ticks {
  readonly chosen = new Observable<Chosen>(new Map());
  private last: string | null = null;

  has(id: string): boolean {
    return this.chosen.value.has(id);
  }

  toggle(report: Report): void {
    const next = new Map(this.chosen.value);
    if (!next.delete(report.id)) next.set(report.id, report);
    this.last = report.id;
    this.chosen.set(next);
  }

  /** From the one ticked last to this one, as they stand in the list. */
  range(report: Report, listed: readonly Report[]): void {
    const to = listed.findIndex(({ id }) => id === report.id);
    const from = listed.findIndex(({ id }) => id === this.last);
    if (from === -1 || to === -1) this.toggle(report);
    else this.add(listed.slice(Math.min(from, to), Math.max(from, to) + 1));
    this.last = report.id;
  }

  /** Those ticked before stay as they were seen then. */
  add(reports: readonly Report[]): void {
    const next = new Map(this.chosen.value);
    for (const report of reports) if (!next.has(report.id)) next.set(report.id, report);
    this.chosen.set(next);
  }

  /** Changed from here: the own change is no news to whoever made it. */
  saw(report: Report): void {
    if (!this.has(report.id)) return;
    this.chosen.set(new Map(this.chosen.value).set(report.id, report));
  }

  drop(ids: Iterable<string>): void {
    const next = new Map(this.chosen.value);
    for (const id of ids) next.delete(id);
    this.chosen.set(next);
  }

  clear(): void {
    this.last = null;
    if (this.chosen.value.size > 0) this.chosen.set(new Map());
  }

  /** How many somebody has changed since they were ticked. */
  overtaken(find: (id: string) => Report | null): number {
    const versions = [...this.chosen.value.values()].map((seen) => {
      const now = find(seen.id);
      return now !== null && now.properties.version > seen.properties.version;
    });
    return versions.filter(Boolean).length;
  }
}
