/** Where the phone is, for distances: known again at the next start, with its age. */

import { distanceM } from "../../core/geometry.ts";
import { Observable, type Unsubscribe } from "../../core/observable.ts";
import type { Fix } from "../../outbox/entry.ts";
import type { State } from "../state.ts";
import { isUsable } from "./fix.ts";
import type { LonLat } from "./map_bundle.ts";
import { position } from "./position.ts";

/** A kept value: the last position, so that a list is in order at once. */
const HERE = "here";
/** Lists are put in another order only after such a walk. */
const STEP_M = 25;

export class Here {
  readonly fix = new Observable<Fix | null>(null);
  private readonly state: State;
  private readonly ends: Unsubscribe[];

  constructor(state: State) {
    this.state = state;
    this.ends = [position.hold(), position.fix.watch((fix) => fix && this.moved(fix))];
    void this.recall();
  }

  get at(): LonLat | null {
    const fix = this.fix.value;
    return fix && [fix.lon, fix.lat];
  }

  stop(): void {
    for (const end of this.ends) end();
  }

  private async recall(): Promise<void> {
    const kept = await this.state.box.kept<Fix>(HERE);
    if (kept && !this.fix.value) this.fix.set(kept);
  }

  private moved(fix: Fix): void {
    if (!isUsable(fix)) return;
    const before = this.fix.value;
    if (before && isSamePlace(before, fix)) return;
    this.fix.set(fix);
    void this.state.box.keep(HERE, fix);
  }
}

function isSamePlace(a: Fix, b: Fix): boolean {
  const better = (b.accuracy_m ?? 1e9) < (a.accuracy_m ?? 1e9) / 2;
  return !better && distanceM([a.lon, a.lat], [b.lon, b.lat]) < STEP_M;
}
