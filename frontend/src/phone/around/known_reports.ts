/** All reports that this phone knows of the chosen incident: the others' and its own, each once. */

import { Observable, type Unsubscribe } from "../../core/observable.ts";
import type { Report } from "../../core/report.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import { reportsOf } from "../lane/own.ts";
import type { State } from "../state.ts";
import type { Surroundings } from "./around.ts";
import { newestFirst } from "./report_filter.ts";

export interface KnownNow {
  readonly reports: readonly Report[];
  /** Ids of reports from this phone. */
  readonly mine: ReadonlySet<string>;
  /** Own ones whose words the service does not have yet, newest first. */
  readonly waiting: readonly ReportEntry[];
}

export class KnownReports {
  readonly now = new Observable<KnownNow>({ reports: [], mine: new Set(), waiting: [] });
  private readonly state: State;
  private readonly around: Surroundings;
  private readonly ends: Unsubscribe[];

  constructor(state: State, around: Surroundings) {
    this.state = state;
    this.around = around;
    this.ends = [
      around.reports.reports.changed(() => this.draw()),
      state.entries.changed(() => this.draw()),
      state.mine.known.changed(() => this.draw()),
    ];
    this.draw();
  }

  stop(): void {
    for (const end of this.ends) end();
  }

  private draw(): void {
    const entries = this.state.entries.value.filter((e): e is ReportEntry => e.kind === "report");
    const { slug } = this.around.incident;
    const sent = reportsOf(this.state.mine.known.value);
    const own = sent.filter(({ properties }) => (properties.incident ?? slug) === slug);
    const mine = new Set([...entries, ...own].map(({ id }) => id));
    const reports = newestOf([...this.around.reports.reports.value, ...own]);
    const known = new Set(reports.map(({ id }) => id));
    const waiting = entries.filter((entry) => isWaiting(entry) && !known.has(entry.id));
    const next = { reports, mine, waiting: waiting.filter((e) => this.isHere(e)) };
    // the box tells of every write, most of which change nothing here
    if (!isSame(this.now.value, next)) this.now.set(next);
  }

  private isHere({ incident }: ReportEntry): boolean {
    return incident === null || incident === this.around.incident.slug;
  }
}

function isSame(a: KnownNow, b: KnownNow): boolean {
  if (a.reports.length !== b.reports.length || a.mine.size !== b.mine.size) return false;
  if (!a.reports.every((report, at) => report === b.reports[at])) return false;
  if (![...a.mine].every((id) => b.mine.has(id))) return false;
  return JSON.stringify(a.waiting) === JSON.stringify(b.waiting);
}

/** Each once, as it was told last. */
function newestOf(told: readonly Report[]): Report[] {
  const found = new Map<string, Report>();
  for (const report of told) {
    const before = found.get(report.id);
    if (!before || before.properties.seq < report.properties.seq) found.set(report.id, report);
  }
  return [...found.values()].sort(newestFirst);
}

function isWaiting({ folder, words }: ReportEntry): boolean {
  return folder === "waiting" && words.state !== "done";
}
