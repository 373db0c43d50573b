/** Listens to the compass while the camera is open. iOS wants to be asked inside a tap. */

import { headingOf, type Turned } from "./heading.ts";

interface Asking {
  requestPermission?(): Promise<string>;
}

const EVENTS = ["deviceorientationabsolute", "deviceorientation"] as const;
// the sensors speak many times a second; silence means that they do not know
const FRESH_MS = 2_000;

class Compass {
  private degrees: number | null = null;
  private heardAt = 0;
  private asked = false;

  start(): void {
    for (const name of EVENTS) window.addEventListener(name, this.hear as EventListener);
  }

  stop(): void {
    for (const name of EVENTS) window.removeEventListener(name, this.hear as EventListener);
  }

  /** Inside a tap, once; a refusal is only a report without a direction. */
  askInTap(): void {
    if (this.asked || typeof DeviceOrientationEvent === "undefined") return;
    this.asked = true;
    const asking = DeviceOrientationEvent as unknown as Asking;
    asking.requestPermission?.().catch(() => {});
  }

  /** Degrees clockwise from north; null when unsure. */
  now(): number | null {
    return Date.now() - this.heardAt <= FRESH_MS ? this.degrees : null;
  }

  private readonly hear = (event: DeviceOrientationEvent): void => {
    const angle = screen.orientation?.angle ?? 0;
    const degrees = headingOf(event as Turned, angle);
    // browsers that fire both events say less with the second
    if (degrees === null && event.type === "deviceorientation" && !isCompass(event)) return;
    this.degrees = degrees;
    this.heardAt = Date.now();
  };
}

function isCompass(event: Turned): boolean {
  return typeof event.webkitCompassHeading === "number";
}

export const compass = new Compass();
