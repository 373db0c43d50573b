/** What is new to this person: kept by the server, so that it is the same at every desk of theirs. */

import { serverNow } from "../core/server_clock.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";

interface Seen {
  readonly looked_at: string | null;
  readonly all_seen_until: string | null;
  readonly seen: readonly string[];
}

/** Who does nothing for so long has been away: what comes then is new to them. */
const AWAY_MS = 30 * 60_000;
const REMEMBER_MS = 15_000;
const TOGETHER_MS = 1_000;
const TICK_MS = 30_000;

export class Looks {
  private readonly desk: Desk;
  private active: number;
  /** When this person went away; null once the server knows of it. */
  private left: number | null = null;
  private remembered = 0;
  private isRead = false;
  private readonly opened = new Set<string>();
  private telling: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk) {
    this.desk = desk;
    this.active = desk.memory.get<number>("active") ?? 0;
    void this.begin();
    desk.selected.changed((id) => id && this.see(id));
    byId("new-seen").addEventListener("click", () => void this.tell({ until: now() }));
    for (const kind of ["pointerdown", "keydown"]) {
      document.addEventListener(kind, () => this.acts(), { capture: true, passive: true });
    }
    setInterval(() => this.tick(), TICK_MS);
  }

  /** From now on is what counts as new. */
  fromNow(): void {
    void this.tell({ looked: true });
  }

  private async begin(): Promise<void> {
    this.acts();
    if (this.left === null && (await this.read()) === null) await this.tell({ looked: true });
  }

  private async tellLeft(at: number): Promise<void> {
    const isTold = await this.tell({ looked_until: iso(at) });
    if (isTold && this.left === at) this.left = null;
  }

  /** null where this person has never looked. */
  private async read(): Promise<string | null | undefined> {
    const { api, page, context } = this.desk;
    try {
      const found = await api.get<Seen>(page.urls.seen);
      this.isRead = true;
      context.set({
        ...context.value,
        now: serverNow(),
        lookedAt: millis(found.looked_at),
        allSeenUntil: millis(found.all_seen_until),
        seen: new Set([...found.seen, ...this.opened]),
      });
      return found.looked_at;
    } catch {
      // the badge says that there is no connection; it is read at one of the next ticks
      return undefined;
    }
  }

  /** Whether the server knows it now. */
  private async tell(body: object): Promise<boolean> {
    try {
      await this.desk.api.post(this.desk.page.urls.seen, body);
    } catch {
      // said again at the next occasion
      return false;
    }
    await this.read();
    return true;
  }

  private see(id: string): void {
    this.opened.add(id);
    clearTimeout(this.telling);
    this.telling = setTimeout(() => void this.tellOpened(), TOGETHER_MS);
  }

  private async tellOpened(): Promise<void> {
    const ids = [...this.opened];
    try {
      await this.desk.api.post(this.desk.page.urls.seen, { reports: ids });
      for (const id of ids) this.opened.delete(id);
    } catch {
      // they stay, and go along with the next one
    }
    const { context } = this.desk;
    context.set({ ...context.value, seen: new Set([...context.value.seen, ...ids]) });
  }

  private acts(): void {
    const at = serverNow();
    const before = this.active;
    this.active = at;
    if (before > 0 && at - before > AWAY_MS) {
      this.left = before;
      void this.tellLeft(before);
    }
    if (at - this.remembered < REMEMBER_MS) return;
    this.remembered = at;
    this.desk.memory.set("active", at);
  }

  private tick(): void {
    if (this.left !== null) void this.tellLeft(this.left);
    else if (!this.isRead) void this.begin();
  }
}

function now(): string {
  return iso(serverNow());
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function millis(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
