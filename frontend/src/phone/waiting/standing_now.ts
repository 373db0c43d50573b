/** What is around every entry of the outbox at this moment. */

import type { State } from "../state.ts";
import { type Circumstances, placesInQueue } from "./standing.ts";

/** `held`: whether large pictures wait for Wi-Fi now (outbox/drain.ts). */
export function circumstances(state: State, held: boolean): Circumstances {
  const [entries, edits] = [state.entries.value, state.edits.value];
  return {
    now: Date.now(),
    online: state.online.value,
    joined: state.device.value !== null,
    lockedOut: Boolean(state.device.value?.lockedOut),
    link: state.link.value.why,
    quietUntil: state.quietUntil.value,
    sending: state.sending.value,
    held,
    ahead: placesInQueue(entries, edits, { originals: !held }),
  };
}
