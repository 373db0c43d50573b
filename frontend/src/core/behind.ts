/** Whether a part of the page is still of what was asked for before. */

import { Observable } from "./observable.ts";
import type { PacedReading } from "./pacing.ts";

export class Behind {
  readonly any = new Observable<boolean>(false);
  private readonly readings: PacedReading[] = [];

  watch(reading: PacedReading): void {
    this.readings.push(reading);
    reading.behind.watch(() => this.any.set(this.readings.some(({ behind }) => behind.value)));
  }
}
