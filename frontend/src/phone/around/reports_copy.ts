/**
 * What others reported: everything this phone's audience may see of an incident, copied onto the
 * phone, so that list and map are there without a network too. A copy says as of when it is; the
 * change feed keeps it current.
 */

import { type Frame, type Item, parseMessage } from "../../core/frames.ts";
import { Observable, type Unsubscribe } from "../../core/observable.ts";
import { isReport, type Report } from "../../core/report.ts";
import type { Box } from "../../outbox/box.ts";
import { newestFirst } from "./report_filter.ts";

/** More than these, the newest, no phone keeps; the rest is on the headquarters' map. */
export const MOST_REPORTS = 2_000;
const PAGE_SIZE = 500;
const KIND = "around";
/** A newer "as of" alone is not worth a write more often than this. */
const NOTE_AGE_MS = 60_000;

/** Where the copy of one incident stands in its feed. */
interface Standing {
  readonly epoch: string;
  readonly cursor: number;
  /** ms since 1970: the service was last heard to have nothing newer. */
  readonly asOf: number;
  /** For whom it was made; another audience is another copy. */
  readonly audience: string | null;
  /** There were older ones that are not kept. */
  readonly cut: boolean;
}

interface Page {
  readonly epoch: string;
  readonly head: number;
  readonly cursor: string | null;
  readonly features: readonly unknown[];
}

export interface CopyHost {
  readonly box: Box;
  get<T>(path: string): Promise<T>;
  now(): number;
}

export class ReportsCopy {
  readonly reports = new Observable<readonly Report[]>([]);
  readonly asOf = new Observable<number | null>(null);
  readonly cut = new Observable(false);
  /** Whether the copy has been read out of the box. */
  readonly ready: Promise<void>;
  private readonly host: CopyHost;
  private readonly incident: string;
  private readonly news = new Set<(items: readonly Item[]) => void>();
  private readonly known = new Map<string, Report>();
  private standing: Standing | null = null;
  private reading: Promise<void> | null = null;

  constructor(host: CopyHost, incident: string) {
    this.host = host;
    this.incident = incident;
    this.ready = this.recall();
  }

  /** Everything else the feed tells of this incident: layers, features. */
  heard(listener: (items: readonly Item[]) => void): Unsubscribe {
    this.news.add(listener);
    return () => this.news.delete(listener);
  }

  /** Up to the head of the feed. Rejects when the service cannot be reached, or refuses. */
  refresh(): Promise<void> {
    this.reading ??= this.ready
      .then(() => (this.standing ? this.readOn(this.standing) : this.snapshot()))
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }

  get(id: string): Report | null {
    return this.known.get(id) ?? null;
  }

  /** Nothing of it stays on the phone. */
  async forget(): Promise<void> {
    await this.ready;
    const all = new Map([...this.known.keys()].map((id) => [id, null]));
    this.known.clear();
    this.standing = null;
    this.show();
    await this.host.box.copy(this.name, all);
    await this.host.box.keep(this.name, null);
  }

  private async recall(): Promise<void> {
    const { box } = this.host;
    const [standing, reports] = await Promise.all([
      box.kept<Standing>(this.name),
      box.copies<Report>(this.name),
    ]);
    this.standing = standing ?? null;
    for (const report of reports) this.known.set(report.id, report);
    this.show();
  }

  /** The first page's head is the cursor: what changes meanwhile is only told twice. */
  private async snapshot(): Promise<void> {
    const first = await this.page(null);
    const features = [...first.features];
    let next = first.cursor;
    while (next && features.length < MOST_REPORTS) {
      const more = await this.page(next);
      features.push(...more.features);
      next = more.cursor;
    }
    const reports = features.filter(isReport).slice(0, MOST_REPORTS);
    const changes = new Map<string, Report | null>([...this.known.keys()].map((id) => [id, null]));
    for (const report of reports) changes.set(report.id, report);
    await this.keep(changes, {
      epoch: first.epoch,
      cursor: first.head,
      asOf: this.host.now(),
      audience: null,
      cut: next !== null,
    });
  }

  private page(cursor: string | null): Promise<Page> {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
    return this.host.get<Page>(`incidents/${this.incident}/reports?${query}`);
  }

  private async readOn(from: Standing): Promise<void> {
    let standing = from;
    for (let more = true; more; ) {
      const frame = await this.frame(standing);
      if (isOther(frame, standing)) return this.snapshot();
      const changes = changesOf(frame);
      more = frame.more && frame.to > standing.cursor;
      const asOf = more ? standing.asOf : this.host.now();
      const audience = frame.audience ?? null;
      const cursor = Math.max(standing.cursor, frame.to);
      standing = { ...standing, cursor, asOf, audience };
      await this.keep(changes, standing);
      this.tell([...frame.items, ...frame.gone]);
    }
  }

  private async frame({ cursor, epoch }: Standing): Promise<Frame> {
    const query = new URLSearchParams({ since: String(cursor), epoch });
    const said = await this.host.get(`incidents/${this.incident}/changes?${query}`);
    return parseMessage(JSON.stringify(said)) as Frame;
  }

  /** Copies first, then how far they reach: a phone that dies in between only reads some twice. */
  private async keep(changes: Map<string, Report | null>, standing: Standing): Promise<void> {
    for (const [id, report] of changes) {
      if (report) this.known.set(id, report);
      else this.known.delete(id);
    }
    for (const old of this.surplus()) {
      this.known.delete(old.id);
      changes.set(old.id, null);
    }
    const before = this.standing;
    this.standing = standing;
    this.show();
    if (changes.size > 0) await this.host.box.copy(this.name, changes);
    if (isWorthWriting(before, standing)) await this.host.box.keep(this.name, standing);
  }

  private surplus(): Report[] {
    if (this.known.size <= MOST_REPORTS) return [];
    return [...this.known.values()].sort(newestFirst).slice(MOST_REPORTS);
  }

  private show(): void {
    this.reports.set([...this.known.values()].sort(newestFirst));
    this.asOf.set(this.standing?.asOf ?? null);
    this.cut.set(this.standing?.cut ?? false);
  }

  private tell(items: readonly Item[]): void {
    const others = items.filter((item) => item.kind !== "report");
    if (others.length > 0) for (const listener of [...this.news]) listener(others);
  }

  private get name(): string {
    return `${KIND}:${this.incident}`;
  }
}

function isOther(frame: Frame, standing: Standing): boolean {
  if (frame.reset || frame.epoch !== standing.epoch) return true;
  return standing.audience !== null && (frame.audience ?? null) !== standing.audience;
}

function changesOf(frame: Frame): Map<string, Report | null> {
  const changes = new Map<string, Report | null>();
  for (const { kind, id } of frame.gone) if (kind === "report") changes.set(id, null);
  for (const { kind, id, feature } of frame.items) {
    if (kind === "report" && isReport(feature)) changes.set(id, feature);
  }
  return changes;
}

function isWorthWriting(before: Standing | null, now: Standing): boolean {
  if (!before || before.cursor !== now.cursor || before.epoch !== now.epoch) return true;
  return now.asOf - before.asOf >= NOTE_AGE_MS;
}
