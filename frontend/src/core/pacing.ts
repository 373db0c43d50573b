/** Reading from the server again: at once when a person asks, now and then when the world changes. */

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

export class PacedReading {
  /** true once the last reading has come through. */
  fresh = false;
  private turn = 0;
  private wanted = false;
  private running = false;
  private notBefore = 0;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly read: (isCurrent: () => boolean) => Promise<void>;
  private readonly pace: Pace;

  /** read: whatever it has read is to be dropped once isCurrent() is false. */
  constructor(read: (isCurrent: () => boolean) => Promise<void>, pace: Pace = LIVE_PACE) {
    this.read = read;
    this.pace = pace;
  }

  /** What is being read was asked for otherwise: it is dropped. */
  now(): void {
    clearTimeout(this.timer);
    this.wanted = false;
    void this.run();
  }

  /** Soon, but not too often. */
  soon(): void {
    this.wanted = true;
    if (!this.running) this.later();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.turn += 1;
    this.wanted = false;
    this.running = false;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), Math.max(0, this.notBefore - Date.now()));
  }

  private async run(): Promise<void> {
    this.turn += 1;
    const mine = this.turn;
    const began = Date.now();
    this.running = true;
    this.fresh = false;
    const isDone = await this.tried(() => mine === this.turn);
    if (mine !== this.turn) return;
    this.running = false;
    this.fresh = isDone;
    const { everyMs, restTimes, afterFailureMs } = this.pace;
    this.failures = isDone ? 0 : this.failures + 1;
    const rest = isDone
      ? Math.max(everyMs, restTimes * (Date.now() - began))
      : Math.min(MOST_MS, afterFailureMs * 2 ** (this.failures - 1));
    this.notBefore = (isDone ? began : Date.now()) + rest;
    if (this.wanted || !isDone) this.later();
  }

  // what was read before stands; the badge says how old the page is
  private async tried(isCurrent: () => boolean): Promise<boolean> {
    try {
      await this.read(isCurrent);
      return true;
    } catch {
      return false;
    }
  }
}
