/**
 * One sender at a time, whichever tab or worker it runs in (Web Locks). Called on open, when the
 * network comes back, when the page is looked at, by a timer, a button, and Background Sync.
 */

import { Box } from "./box.ts";
import { Sender, type SenderHost } from "./sender.ts";

const LOCK = "gspace-outbox";
/** Kept settings of the sender. */
export const HOLD_ORIGINALS = "hold_originals";
/** "Send them now all the same": until the outbox is empty once. */
export const RELEASED_UNTIL = "originals_released_until";

/** Sends what is due; answers when to come again by itself (ms), null = when told. */
export async function drain(box: Box = new Box(), freshSince = Date.now()): Promise<number | null> {
  const send = () => Sender.drain(box, hostOf(box), freshSince);
  return "locks" in navigator ? navigator.locks.request(LOCK, send) : send();
}

function hostOf(box: Box): SenderHost {
  return {
    fetch: (input, init) => fetch(input, init),
    now: () => Date.now(),
    random: () => Math.random(),
    originals: () => originalsMayGo(box),
  };
}

interface Connection {
  readonly type?: string;
}

/** Where the browser does not tell what the link is, holding means: until a person lets them go. */
export async function originalsMayGo(box: Box): Promise<boolean> {
  if (!(await box.kept<boolean>(HOLD_ORIGINALS))) return true;
  const { connection } = navigator as { connection?: Connection };
  if (connection?.type === "wifi" || connection?.type === "ethernet") return true;
  return ((await box.kept<number>(RELEASED_UNTIL)) ?? 0) > Date.now();
}
