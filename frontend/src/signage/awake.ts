/** The screen never sleeps; browsers let go of the lock whenever the page is hidden. */

export function stayAwake(): void {
  if (!("wakeLock" in navigator)) return;
  const hold = () => {
    if (!document.hidden) navigator.wakeLock.request("screen").catch(() => undefined);
  };
  document.addEventListener("visibilitychange", hold);
  hold();
}
