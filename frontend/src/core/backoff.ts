/** Waiting times between attempts: 0.5 s doubling to 30 s, spread so that crowds do not collide. */

export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;

export class Backoff {
  private attempts = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  /** Milliseconds until the next attempt: half of the step is certain, half is jitter. */
  next(): number {
    const step = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.attempts);
    this.attempts += 1;
    return step / 2 + (step / 2) * this.random();
  }

  reset(): void {
    this.attempts = 0;
  }
}
