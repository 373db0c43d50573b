/**
 * Keeps the public map current by asking for changes. No socket: thousands may look at once, and
 * what they ask for is the same for all. Cookies stay out, so that staff see here what others see.
 */

import { Api } from "../core/api.ts";
import { type Frame, type Item, parseMessage } from "../core/frames.ts";
import type { Report } from "../core/report.ts";
import type { Store } from "../core/store.ts";
import type { PageData } from "./page_data.ts";

export const POLL_MS = 15_000;
const PAGE_SIZE = 1_000;

export const publicApi = new Api({
  csrf: "",
  fetch: (input, init) => fetch(input, { ...init, credentials: "omit" }),
});

interface Snapshot {
  readonly epoch: string;
  readonly head: number;
  readonly cursor: string | null;
  readonly features: readonly Report[];
}

export interface Heard {
  /** Something arrived, changed or was withdrawn after the page was made. */
  readonly changed: (items: readonly Item[]) => void;
  /** The server answered at this time (ms); null = it did not. */
  readonly asOf: (at: number | null) => void;
}

export class Follower {
  private epoch = "";
  private cursor = 0;
  private readonly page: PageData;
  private readonly store: Store<Report>;
  private readonly heard: Heard;

  constructor(page: PageData, store: Store<Report>, heard: Heard) {
    this.page = page;
    this.store = store;
    this.heard = heard;
  }

  async start(): Promise<void> {
    await this.step();
    document.addEventListener("visibilitychange", () => void this.step());
    // all phones that opened at one alarm must not come back in one second
    setInterval(() => void this.step(), POLL_MS * (0.8 + 0.4 * Math.random()));
  }

  private async step(): Promise<void> {
    if (document.hidden) return;
    try {
      if (this.epoch === "") await this.snapshot();
      else await this.readOn();
      this.heard.asOf(Date.now());
    } catch {
      this.heard.asOf(null);
    }
  }

  /** The first page's head is the cursor; what changes meanwhile is only told twice. */
  private async snapshot(): Promise<void> {
    const first = await this.readPage(null);
    const features = [...first.features];
    for (let next = first.cursor; next; ) {
      const more = await this.readPage(next);
      features.push(...more.features);
      next = more.cursor;
    }
    this.store.replace(features.map(asItem));
    this.epoch = first.epoch;
    this.cursor = first.head;
  }

  private readPage(cursor: string | null): Promise<Snapshot> {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
    return publicApi.get<Snapshot>(`${this.page.urls.reports}?${query}`);
  }

  private async readOn(): Promise<void> {
    for (let more = true; more; ) {
      const frame = await this.changes();
      if (frame.reset || frame.epoch !== this.epoch) {
        this.epoch = "";
        return this.snapshot();
      }
      this.store.apply(frame.items, frame.gone);
      const news = [...frame.items, ...frame.gone];
      if (news.length > 0) this.heard.changed(news);
      more = frame.more && frame.to > this.cursor;
      this.cursor = Math.max(this.cursor, frame.to);
    }
  }

  private async changes(): Promise<Frame> {
    const query = new URLSearchParams({ since: String(this.cursor), epoch: this.epoch });
    const url = `${this.page.urls.changes}?${query}`;
    return parseMessage(JSON.stringify(await publicApi.get<unknown>(url))) as Frame;
  }
}

function asItem(feature: Report): Item {
  const { seq, version } = feature.properties;
  return { kind: "report", id: feature.id, seq, version, feature };
}
