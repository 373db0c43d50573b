/**
 * New versions of the app: told when one is there, taken only when a person says so and nothing
 * is unsent. A version is whole: page, words and worker change together, by one reload.
 */

import { Observable } from "../../core/observable.ts";

export interface UpdateOptions {
  /** The build that this page was made with. */
  readonly build: string;
  /** Address of the service worker. */
  readonly worker: string;
  /** Its scope: the app's first address. */
  readonly scope: string;
  /** Whether anything typed or taken has not reached the service yet. */
  unsent(): Promise<boolean>;
}

export class Updates {
  /** Whether a newer version can be had by `apply`. */
  readonly waiting = new Observable(false);
  private readonly options: UpdateOptions;
  private registration: ServiceWorkerRegistration | null = null;
  private asked = false;
  private reloading = false;

  constructor(options: UpdateOptions) {
    this.options = options;
    // from the very start: another tab may take the new version while this one is still opening
    if ("serviceWorker" in navigator) this.reloadWhenTakenOver(navigator.serviceWorker);
  }

  /** Registers the worker; without one the app works as long as it has a network. */
  async start(): Promise<void> {
    sayIfInsecure();
    if (!("serviceWorker" in navigator)) return;
    const { worker, scope } = this.options;
    try {
      this.follow(
        await navigator.serviceWorker.register(worker, { scope, updateViaCache: "none" }),
      );
    } catch {
      // no network, private window: the next start tries again
    }
  }

  /** The build of the service, as `GET /devices/me` tells it. */
  async seen(build: string): Promise<void> {
    if (build === "" || build === this.options.build) return;
    if (!this.registration) {
      this.waiting.set(true);
      return;
    }
    try {
      await this.registration.update();
    } catch {
      return;
    }
    // the worker is as new as the service, so it was this page that was left behind
    const { installing, waiting } = this.registration;
    if (!installing && !waiting) this.waiting.set(true);
  }

  /** Takes the new version and reloads. false: something is unsent, nothing was done. */
  async apply(): Promise<boolean> {
    if (await this.options.unsent()) return false;
    this.asked = true;
    const next = this.registration?.waiting;
    if (next) next.postMessage({ type: "SKIP_WAITING" });
    else this.reload();
    return true;
  }

  private follow(registration: ServiceWorkerRegistration): void {
    this.registration = registration;
    this.tell(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => {
        if (next.state === "installed") this.tell(next);
      });
    });
  }

  // the first worker of a phone has nobody to wait for
  private tell(next: ServiceWorker | null): void {
    if (next && this.registration?.active) this.waiting.set(true);
  }

  private reloadWhenTakenOver(container: ServiceWorkerContainer): void {
    let controlled = container.controller !== null;
    container.addEventListener("controllerchange", () => {
      // the first worker takes over a page that came with it
      if (controlled || this.asked) this.reload();
      controlled = true;
    });
  }

  private reload(): void {
    if (this.reloading) return;
    this.reloading = true;
    location.reload();
  }
}

function sayIfInsecure(): void {
  const notice = document.getElementById("insecure");
  if (notice) notice.hidden = window.isSecureContext;
}
