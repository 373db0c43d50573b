/** The screen never sleeps; browsers let go of the lock whenever the page is hidden. */

/** A refusal (an empty battery, say) may pass (ms). */
const RETRY_MS = 30_000;

/** tell: whether the lock is held, at each try. */
export function stayAwake(tell: (held: boolean) => void = () => {}): void {
  if (!("wakeLock" in navigator)) {
    tell(false);
    return;
  }
  let held: WakeLockSentinel | null = null;
  const hold = async () => {
    if (document.hidden || (held && !held.released)) return;
    try {
      held = await navigator.wakeLock.request("screen");
      held.addEventListener("release", () => void hold());
      tell(true);
    } catch {
      tell(false);
    }
  };
  document.addEventListener("visibilitychange", () => void hold());
  setInterval(() => void hold(), RETRY_MS);
  void hold();
}
