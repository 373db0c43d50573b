/**
 * What the phone knows now, as values that tell when they change. Screens read from here and act
 * through reports.ts; everything comes out of the box and survives in it.
 */

import { Observable } from "../core/observable.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { Box } from "../outbox/box.ts";
import { HOLD_ORIGINALS } from "../outbox/drain.ts";
import type { Edit, Entry } from "../outbox/entry.ts";
import { DEVICE, LINK, type Link, QUIET_UNTIL } from "../outbox/sender.ts";
import { Mine } from "./lane/mine.ts";
import type { PageData } from "./page_data.ts";

export interface Incident {
  readonly slug: string;
  readonly name: string;
  readonly name_en?: string;
  readonly state: string;
  readonly demo?: boolean;
  readonly time_zone: string;
  /** Code of what happened (earthquake, flood, ...); decides which sites may be offered. */
  readonly hazard?: string | null;
  /** [lon, lat] */
  readonly centre: readonly [number, number] | null;
  readonly zoom: number;
  /** [west, south, east, north] */
  readonly extent?: readonly [number, number, number, number] | null;
  readonly headquarters?: string;
  readonly headquarters_en?: string;
}

/** This phone's enrolment; the token never leaves the box but in the Authorization header. */
export interface Device {
  readonly token: string;
  readonly device: string;
  readonly label?: string;
  readonly audience?: string;
  readonly organisation?: {
    readonly slug: string;
    readonly name: string;
    readonly name_en?: string;
  };
  /** The service has said that this key is no longer valid (ms since 1970). */
  readonly lockedOut?: number | null;
}

export const INCIDENTS = "incidents";
export const INCIDENT = "incident";
export const LAST_CATEGORIES = "last_categories";
export const CURRENT_DRAFT = "current_draft";

export class State {
  readonly box = new Box();
  /** What became of the own reports, and broadcasts. */
  readonly mine = new Mine(this.box);
  readonly entries = new Observable<readonly Entry[]>([]);
  readonly edits = new Observable<readonly Edit[]>([]);
  readonly link = new Observable<Link>({ why: null, at: 0 });
  readonly quietUntil = new Observable<number>(0);
  readonly device = new Observable<Device | null>(null);
  readonly incidents = new Observable<readonly Incident[]>([]);
  /** The incident that new reports belong to; null = 未割当, none is known. */
  readonly incident = new Observable<Incident | null>(null);
  readonly lastCategories = new Observable<readonly string[]>([]);
  readonly holdOriginals = new Observable<boolean>(false);
  readonly online = new Observable<boolean>(navigator.onLine);
  /** How many things are on their way right now; for the bar. */
  readonly sending = new Observable<boolean>(false);
  /** Changes after `words` did: what is on the screen is drawn anew. */
  readonly language: Observable<string>;
  readonly page: PageData;
  words: Vocabulary;

  constructor(page: PageData, words: Vocabulary) {
    this.page = page;
    this.words = words;
    this.language = new Observable(page.language);
  }

  /** Reads everything once, then after each change by any tab or the worker. */
  async start(): Promise<void> {
    await Promise.all([this.read(), this.mine.start()]);
    this.box.changed(() => this.readSoon());
    addEventListener("online", () => this.online.set(true));
    addEventListener("offline", () => this.online.set(false));
  }

  private reading: Promise<void> | null = null;

  /** A burst of changes is read once. */
  private readSoon(): void {
    this.reading ??= Promise.resolve().then(async () => {
      this.reading = null;
      await this.read();
    });
  }

  async read(): Promise<void> {
    const { box } = this;
    const [entries, edits] = await Promise.all([box.entries(), box.edits()]);
    this.entries.set(entries.sort((a, b) => b.createdAt - a.createdAt));
    this.edits.set(edits);
    await this.readKept();
  }

  private async readKept(): Promise<void> {
    const { box } = this;
    const [device, incidents, chosen, link, quiet, last, hold] = await Promise.all([
      box.kept<Device>(DEVICE),
      box.kept<readonly Incident[]>(INCIDENTS),
      box.kept<string>(INCIDENT),
      box.kept<Link>(LINK),
      box.kept<number>(QUIET_UNTIL),
      box.kept<readonly string[]>(LAST_CATEGORIES),
      box.kept<boolean>(HOLD_ORIGINALS),
    ]);
    setIfNew(this.device, device ?? null);
    setIfNew(this.incidents, incidents ?? []);
    const known = incidents ?? [];
    setIfNew(this.incident, known.find(({ slug }) => slug === chosen) ?? known[0] ?? null);
    setIfNew(this.link, link ?? { why: null, at: 0 });
    this.quietUntil.set(quiet ?? 0);
    setIfNew(this.lastCategories, last ?? []);
    this.holdOriginals.set(hold ?? false);
  }

  entry(id: string): Entry | null {
    return this.entries.value.find((entry) => entry.id === id) ?? null;
  }

  /** The numbers of the bar: drafts, waiting, sent. */
  counts(): { readonly draft: number; readonly waiting: number; readonly sent: number } {
    const count = (folder: string) => this.entries.value.filter((e) => e.folder === folder).length;
    return { draft: count("draft"), waiting: count("waiting"), sent: count("sent") };
  }

  /** Whether anything here has not reached the service: then no update, no sign-out. */
  hasUnsent(): boolean {
    const { draft, waiting } = this.counts();
    return draft + waiting + this.edits.value.length > 0;
  }
}

/** What came out of the box anew is another object each time: told only when it differs. */
function setIfNew<T>(observable: Observable<T>, value: T): void {
  if (JSON.stringify(observable.value) !== JSON.stringify(value)) observable.set(value);
}
