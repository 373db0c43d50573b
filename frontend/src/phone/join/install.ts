/** The app on the home screen: Android's browsers offer it, on an iPhone a person does it by hand. */

import { Observable } from "../../core/observable.ts";

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Set while the browser would install the app at once. */
export const installPrompt = new Observable<(() => void) | null>(null);

const LATER = "gspace-home-screen-later";

/** Whether a person still has to be told that an iPhone's page forgets, and its app does not. */
export const homeScreenWanted = new Observable<boolean>(false);

export function homeScreenLater(): void {
  homeScreenWanted.set(false);
  try {
    localStorage.setItem(LATER, "yes");
  } catch {
    // then it is asked again at the next start
  }
}

function isPutOff(): boolean {
  try {
    return localStorage.getItem(LATER) !== null;
  } catch {
    return false;
  }
}

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.set(() => {
      installPrompt.set(null);
      void (event as InstallPrompt).prompt();
    });
  });
  addEventListener("appinstalled", () => installPrompt.set(null));
  homeScreenWanted.set(isIphone() && !isInstalled() && !isPutOff());
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
