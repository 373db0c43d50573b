/** How many notices wait to be looked at: the number on the tab. */

import { Observable } from "../../core/observable.ts";
import type { State } from "../state.ts";
import { countOf, newsIn } from "./news.ts";

export const unread = new Observable<number>(0);

export function watchUnread(state: State): void {
  const count = () => {
    const { known, seen } = state.mine;
    unread.set(countOf(newsIn(known.value, seen.value, state.edits.value)));
  };
  state.mine.known.changed(count);
  state.mine.seen.changed(count);
  state.edits.changed(count);
  count();
}
