/** For what a page cannot do without: asked for again until it has come. */

import { Backoff } from "./backoff.ts";

export async function insist<T>(read: () => Promise<T>, waits = new Backoff()): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch {
      await pause(waits.next());
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
