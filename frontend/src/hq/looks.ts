/** What is new to this person: kept by the server, so that it is the same at every desk of theirs. */

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
    const away = this.active > 0 && Date.now() - this.active > AWAY_MS;
    if (away) await this.tell({ looked_until: iso(this.active) });
    else if ((await this.read()) === null) await this.tell({ looked: true });
    this.acts();
  }

  /** null where this person has never looked. */
  private async read(): Promise<string | null | undefined> {
    const { api, page, context } = this.desk;
    try {
      const found = await api.get<Seen>(page.urls.seen);
      this.isRead = true;
      context.set({
        ...context.value,
        now: Date.now(),
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

  private async tell(body: object): Promise<void> {
    try {
      await this.desk.api.post(this.desk.page.urls.seen, body);
      await this.read();
    } catch {
      // said again at the next occasion
    }
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
    const at = Date.now();
    const before = this.active;
    this.active = at;
    if (before > 0 && at - before > AWAY_MS) void this.tell({ looked_until: iso(before) });
    if (at - this.remembered < REMEMBER_MS) return;
    this.remembered = at;
    this.desk.memory.set("active", at);
  }

  private tick(): void {
    if (!this.isRead) void this.begin();
  }
}

function now(): string {
  return iso(Date.now());
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function millis(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
