/** The app on the home screen: Android's browsers offer it, on an iPhone a person does it by hand. */

import { Observable } from "../core/observable.ts";

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Set while the browser would install the app at once. */
export const installPrompt = new Observable<(() => void) | null>(null);

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.set(() => {
      installPrompt.set(null);
      void (event as InstallPrompt).prompt();
    });
  });
  addEventListener("appinstalled", () => installPrompt.set(null));
}

export function isInstalled(): boolean {
  const { standalone } = navigator as { standalone?: boolean };
  return standalone === true || matchMedia("(display-mode: standalone)").matches;
}

/** There the installed app has a storage of its own, and must be handed the enrolment. */
export function isIphone(): boolean {
  const tablet = navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1;
  return tablet || /iPhone|iPad|iPod/.test(navigator.userAgent);
}

/** Starts the app that is put on the home screen from now on with the hand-over's code. */
export function handOverByManifest(manifest: string, code: string): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=manifest]");
  if (link) link.href = `${manifest}&transfer=${encodeURIComponent(code)}`;
}
