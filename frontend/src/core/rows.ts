/** A list as its drawer sees it: how long it is and what stands where. */

import type { Report } from "./report.ts";

export interface Rows {
  readonly length: number;
  /** How many there are in all: more than `length` where the rest has not been asked for. */
  readonly total: number;
  /** null: it stands there, but is not at hand; whoever draws it tells by `sight`. */
  at(index: number): Report | null;
  /** -1 where it is not among the rows. */
  indexOf(id: string): number;
  /** What is at hand, in order. */
  readonly known: readonly Report[];
  /** These are being looked at: what is missing among and after them is fetched. */
  sight(first: number, last: number): void;
}

/** All of it is here. */
export class WholeRows implements Rows {
  readonly known: readonly Report[];

  constructor(reports: readonly Report[]) {
    this.known = reports;
  }

  get length(): number {
    return this.known.length;
  }

  get total(): number {
    return this.known.length;
  }

  at(index: number): Report | null {
    return this.known[index] ?? null;
  }

  indexOf(id: string): number {
    return this.known.findIndex((report) => report.id === id);
  }

  sight(): void {
    // nothing is missing
  }
}
