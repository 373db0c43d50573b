/** The screen stays on while something is on its way, and only then: batteries are few. */

import type { State } from "../state.ts";

export function keepAwakeWhileSending(state: State): void {
  if (!("wakeLock" in navigator)) return;
  let held: Promise<WakeLockSentinel | null> | null = null;
  const decide = () => {
    const wanted = state.sending.value && state.counts().waiting > 0 && !document.hidden;
    if (wanted) held ??= navigator.wakeLock.request("screen").catch(() => null);
    else if (held) {
      void held.then((lock) => lock?.release());
      held = null;
    }
  };
  state.sending.changed(decide);
  state.entries.changed(decide);
  document.addEventListener("visibilitychange", decide);
}
