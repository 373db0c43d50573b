/** What comes to this phone by itself, from the app's start on: its lane, the bell, the alarm. */

import { watchBroadcasts } from "../screens/broadcast.ts";
import type { State } from "../state.ts";
import { watchQueue } from "../waiting/progress.ts";
import { Doorbell } from "./doorbell.ts";
import { Lane } from "./lane.ts";
import { watchUnread } from "./unread.ts";

export function followHeadquarters(state: State): void {
  watchUnread(state);
  watchQueue(state);
  watchBroadcasts(state);
  const lane = new Lane(state);
  lane.start();
  new Doorbell(state, () => lane.look()).start();
}
