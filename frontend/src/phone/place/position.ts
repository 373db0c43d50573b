/**
 * Where the phone is, while somebody takes or describes pictures. Whoever needs it holds it; it
 * goes on a little longer than the last holder, because positions get better.
 */

import { Observable } from "../../core/observable.ts";
import type { Fix } from "../../outbox/entry.ts";
import type { State } from "../state.ts";
import { bestFix, FIX_MS, improves, STALE_MS } from "./fix.ts";
import { betterFix, fixSettled } from "./report_place.ts";

export type Heard =
  | { readonly kind: "off" | "looking" | "found" }
  /** The person or the system said no. */
  | { readonly kind: "denied" }
  /** No receiver, or it finds nothing right now. */
  | { readonly kind: "failing" };

const OPTIONS: PositionOptions = { enableHighAccuracy: true, maximumAge: 0 };

export class PositionWatch {
  readonly heard = new Observable<Heard>({ kind: "off" });
  /** The newest one. */
  readonly fix = new Observable<Fix | null>(null);
  private recent: readonly Fix[] = [];
  private holders = 0;
  private watching: number | null = null;
  private ending: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop();
      else if (this.holders > 0) this.start();
    });
  }

  /** Keeps listening until the answer is called. */
  hold(): () => void {
    this.holders += 1;
    clearTimeout(this.ending);
    this.start();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.holders -= 1;
      if (this.holders === 0) this.ending = setTimeout(() => this.stop(), FIX_MS);
    };
  }

  /** The best for a picture taken `at`, of what has been heard so far. */
  bestAt(at: number): Fix | null {
    return bestFix(this.recent, at);
  }

  /** Whether one may still come. */
  get hopes(): boolean {
    return this.heard.value.kind === "looking" || this.heard.value.kind === "found";
  }

  private start(): void {
    if (this.watching !== null) return;
    if (!("geolocation" in navigator)) {
      this.heard.set({ kind: "failing" });
      return;
    }
    if (this.heard.value.kind === "off") this.heard.set({ kind: "looking" });
    this.watching = navigator.geolocation.watchPosition(
      (found) => this.found(found),
      (error) => this.failed(error),
      OPTIONS,
    );
  }

  private stop(): void {
    clearTimeout(this.ending);
    if (this.watching !== null) navigator.geolocation.clearWatch(this.watching);
    this.watching = null;
    this.heard.set({ kind: "off" });
  }

  private found({ coords, timestamp }: GeolocationPosition): void {
    const fix: Fix = {
      lon: rounded(coords.longitude),
      lat: rounded(coords.latitude),
      accuracy_m: Number.isFinite(coords.accuracy) ? Math.round(coords.accuracy * 10) / 10 : null,
      fixed_at: new Date(timestamp).toISOString(),
    };
    const kept = this.recent.filter(({ fixed_at }) => Date.parse(fixed_at) > timestamp - STALE_MS);
    this.recent = [...kept, fix];
    this.heard.set({ kind: "found" });
    this.fix.set(fix);
  }

  private failed(error: GeolocationPositionError): void {
    if (error.code === error.PERMISSION_DENIED) {
      // asked again when a screen opens next: the person may have allowed it in the settings
      if (this.watching !== null) navigator.geolocation.clearWatch(this.watching);
      this.watching = null;
      this.heard.set({ kind: "denied" });
    } else if (this.fix.value === null) {
      this.heard.set({ kind: "failing" });
    }
  }
}

// 7 decimals are a centimetre; more would pretend
function rounded(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

export const position = new PositionWatch();

/** Every fresh report gets the better positions, also while the person takes the next picture. */
export function improvePlaces(state: State): void {
  position.fix.changed((fix) => {
    if (fix) void giveToFresh(state, fix);
  });
  position.heard.changed(({ kind }) => {
    if (kind === "denied" || kind === "failing") void settleFresh(state);
  });
}

async function giveToFresh(state: State, fix: Fix): Promise<void> {
  for (const entry of state.entries.value) {
    if (entry.kind === "report" && improves(fix, entry)) await betterFix(state, entry.id, fix);
  }
}

async function settleFresh(state: State): Promise<void> {
  const now = Date.now();
  for (const entry of state.entries.value) {
    if (entry.kind === "report" && entry.holdUntil > now) await fixSettled(state, entry.id);
  }
}
