/** Something is read again whenever it may have changed, never twice at once, never too often. */

import { pause } from "./insist.ts";

export interface Pauses {
  /** At least so long from one reading to the next: rings within it are answered together (ms). */
  readonly every: number;
  /** After a reading that failed; it is tried again by itself (ms). */
  readonly afterFailure: number;
  /** Up to so long before a reading, so that not all phones ask in the same moment (ms). */
  readonly spread?: number;
}

export class Rereading {
  private readonly read: () => Promise<void>;
  private readonly pauses: Pauses;
  private wanted = false;
  private running = false;

  constructor(read: () => Promise<void>, pauses: Pauses) {
    this.read = read;
    this.pauses = pauses;
  }

  /** Reads again, soon; what is wanted while it is being read is read after it. */
  again(): void {
    this.wanted = true;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted) {
      this.wanted = false;
      await pause((this.pauses.spread ?? 0) * Math.random());
      try {
        await this.read();
        await pause(this.pauses.every);
      } catch {
        // what was read before stands, with its age beside it
        this.wanted = true;
        await pause(this.pauses.afterFailure);
      }
    }
    this.running = false;
  }
}
