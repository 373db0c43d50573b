/**
 * Keeps sending while the page is open: at once after each change, when the network is back, when
 * the page is looked at, by a timer, by the button; Background Sync where there is one.
 */

import { drain } from "../outbox/drain.ts";
import { QUIET_UNTIL } from "../outbox/sender.ts";
import type { State } from "./state.ts";

const TIMER_MS = 30_000;
const SYNC_TAG = "outbox";

export class Pump {
  private readonly state: State;
  private running = false;
  private again = false;
  private freshSince = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(state: State) {
    this.state = state;
  }

  start(): void {
    addEventListener("online", () => this.fresh());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.fresh();
    });
    this.state.entries.changed(() => this.run());
    this.state.edits.changed(() => this.run());
    this.fresh();
  }

  /** Something says that it may go now: waiting times count no longer. */
  fresh(): void {
    this.freshSince = Date.now();
    this.run();
  }

  /** The button: not even a service that asked for quiet keeps a person from trying. */
  async now(): Promise<void> {
    await this.state.box.keep(QUIET_UNTIL, 0);
    this.fresh();
  }

  private run(): void {
    this.again = true;
    if (!this.running) void this.loop();
  }

  private async loop(): Promise<void> {
    this.running = true;
    clearTimeout(this.timer);
    let wait: number | null = null;
    try {
      while (this.again) {
        this.again = false;
        this.state.sending.set(true);
        wait = await drain(this.state.box, this.freshSince);
      }
    } catch {
      // the box is out of reach for a moment: the timer comes again
    } finally {
      this.running = false;
      this.state.sending.set(false);
      this.timer = setTimeout(
        () => this.run(),
        Math.max(500, Math.min(TIMER_MS, wait ?? TIMER_MS)),
      );
    }
    if (this.state.hasUnsent()) void askForSync();
  }
}

/** A bonus: where it exists, the browser sends even after the page was closed. */
async function askForSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const { sync } = (registration ?? {}) as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register(SYNC_TAG).catch(() => {});
}
