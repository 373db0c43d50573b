/** Reading from the server again: at once when a person asks, now and then when the world changes. */

import { Observable } from "./observable.ts";

export interface Pace {
  /** At least so long from one reading to the next that nobody asked for (ms). */
  readonly everyMs: number;
  /** So many times as long as a reading takes: a busy server is asked less. */
  readonly restTimes: number;
  /** After a failure; twice as long after each further one, MOST_MS at most (ms). */
  readonly afterFailureMs: number;
}

const MOST_MS = 60_000;

export const LIVE_PACE: Pace = { everyMs: 2_000, restTimes: 5, afterFailureMs: 5_000 };

/** Who types, drags or moves a slider has not asked yet (ms). */
const SETTLED_MS = 150;

export class PacedReading {
  /** true from when a person asks for something else until that has come. */
  readonly behind = new Observable<boolean>(false);
  private turn = new AbortController();
  private wanted = false;
  private running = false;
  private settling = false;
  private notBefore = 0;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly read: (unwanted: AbortSignal) => Promise<void>;
  private readonly pace: Pace;

  /** read: whatever it has read is to be dropped once `unwanted` is aborted. */
  constructor(read: (unwanted: AbortSignal) => Promise<void>, pace: Pace = LIVE_PACE) {
    this.read = read;
    this.pace = pace;
  }

  /** What is being read was asked for otherwise: it is dropped. */
  now(): void {
    this.behind.set(true);
    void this.run();
  }

  /** The same once the person rests: what is typed or dragged is asked for once. */
  settled(ms: number = SETTLED_MS): void {
    this.drop();
    this.settling = true;
    this.timer = setTimeout(() => void this.run(), ms);
    this.behind.set(true);
  }

  /** Soon, but not too often. */
  soon(): void {
    this.wanted = true;
    if (!this.running && !this.settling) this.later();
  }

  stop(): void {
    this.drop();
    this.behind.set(false);
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.turn.abort();
    this.wanted = false;
    this.running = false;
    this.settling = false;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), Math.max(0, this.notBefore - Date.now()));
  }

  private async run(): Promise<void> {
    this.drop();
    this.turn = new AbortController();
    const { signal } = this.turn;
    const began = Date.now();
    this.running = true;
    const isDone = await this.tried(signal);
    if (signal.aborted) return;
    this.running = false;
    this.rest(isDone, began);
    if (isDone) this.behind.set(false);
    if (this.wanted || !isDone) this.later();
  }

  private rest(isDone: boolean, began: number): void {
    const { everyMs, restTimes, afterFailureMs } = this.pace;
    this.failures = isDone ? 0 : this.failures + 1;
    const rest = isDone
      ? Math.max(everyMs, restTimes * (Date.now() - began))
      : Math.min(MOST_MS, afterFailureMs * 2 ** (this.failures - 1));
    this.notBefore = (isDone ? began : Date.now()) + rest;
  }

  // what was read before stands; the badge says how old the page is
  private async tried(unwanted: AbortSignal): Promise<boolean> {
    try {
      await this.read(unwanted);
      return true;
    } catch {
      return false;
    }
  }
}
