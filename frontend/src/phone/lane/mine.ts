/** What the phone knows of its own reports and of broadcasts, read out of the box as it changes. */

import { Observable } from "../../core/observable.ts";
import type { Box } from "../../outbox/box.ts";
import { knownIn, LANE, type Position } from "./lane.ts";
import type { Known } from "./own.ts";

/** Kept: what the person has looked at. */
export const SEEN = "seen";

export interface Seen {
  /** Report id -> what its news were when it was looked at last (`newsOf`). */
  readonly reports: Readonly<Record<string, string>>;
  /** Broadcast id -> when it was confirmed (RFC 3339); the service's word may come later. */
  readonly broadcasts: Readonly<Record<string, string>>;
}

export const NOTHING_SEEN: Seen = { reports: {}, broadcasts: {} };

export class Mine {
  readonly known = new Observable<Known>(new Map());
  readonly seen = new Observable<Seen>(NOTHING_SEEN);
  private readonly box: Box;
  private readAt = "";

  constructor(box: Box) {
    this.box = box;
  }

  async start(): Promise<void> {
    await this.read();
    this.box.changed(() => void this.read().catch(() => {}));
  }

  /** Most changes in the box are others' (bytes sent): the whole is read only when it moved. */
  private async read(): Promise<void> {
    const [position, seen] = await Promise.all([
      this.box.kept<Position>(LANE),
      this.box.kept<Seen>(SEEN),
    ]);
    const at = JSON.stringify(position ?? null);
    if (at !== this.readAt) {
      this.known.set(await knownIn(this.box));
      this.readAt = at;
    }
    if (JSON.stringify(seen ?? NOTHING_SEEN) !== JSON.stringify(this.seen.value)) {
      this.seen.set(seen ?? NOTHING_SEEN);
    }
  }

  async sawReports(news: Readonly<Record<string, string>>): Promise<void> {
    const { reports, broadcasts } = this.seen.value;
    await this.see({ reports: { ...reports, ...news }, broadcasts });
  }

  async sawBroadcast(id: string, read_at: string): Promise<void> {
    const { reports, broadcasts } = this.seen.value;
    await this.see({ reports, broadcasts: { [id]: read_at, ...broadcasts } });
  }

  private async see(seen: Seen): Promise<void> {
    this.seen.set(seen);
    await this.box.keep(SEEN, seen);
  }
}
