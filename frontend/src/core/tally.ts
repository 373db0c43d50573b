/** The counts of the desk: of the own area, with and without the filters. */

import { countBy, type Split } from "./filter.ts";
import type { Report } from "./report.ts";
import { isOver, isWaiting } from "./statuses.ts";

export type Kind = "severity" | "status" | "category";

export const KINDS: readonly Kind[] = ["severity", "status", "category"];

export interface Counted {
  readonly shown: number;
  readonly all: number;
}

/** The queue: nobody at headquarters has looked at these. */
export interface Waiting {
  /** false: nobody has counted yet, so that none of this says anything. */
  readonly known: boolean;
  readonly waiting: number;
  /** When the oldest of them was received (ms since 1970); null without any. */
  readonly oldestWaitingAt: number | null;
}

export const NOTHING_COUNTED: Waiting = { known: false, waiting: 0, oldestWaitingAt: null };

/** Its queue is of the own area, whatever the filters. */
export interface Tally extends Waiting {
  /** Everything in the own area, whatever the filters. */
  readonly total: number;
  /** What the filters let through; the three of `split` add up to it. */
  readonly shown: number;
  /** By code; a code that nothing has is not in it. */
  readonly of: Readonly<Record<Kind, ReadonlyMap<string, Counted>>>;
  readonly split: Readonly<Record<keyof Split, number>>;
}

export const NO_TALLY: Tally = {
  ...NOTHING_COUNTED,
  total: 0,
  shown: 0,
  of: { severity: new Map(), status: new Map(), category: new Map() },
  split: { inside: 0, outside: 0, placeless: 0 },
};

/** mine: of the own area, whatever the filters; shown: what filters let through of it. */
export function tallied(mine: readonly Report[], shown: readonly Report[], split: Split): Tally {
  const waiting = mine.filter(isWaiting);
  const received = waiting.map(({ properties }) => Date.parse(properties.received_at));
  const { inside, outside, placeless } = split;
  return {
    known: true,
    total: mine.length,
    shown: shown.length,
    of: bothCounts((kind) => [countBy(mine, kind), countBy(shown, kind)]),
    waiting: waiting.length,
    oldestWaitingAt: received.reduce<number | null>(earlier, null),
    split: { inside: inside.length, outside: outside.length, placeless: placeless.length },
  };
}

type Counts = ReadonlyMap<string, number>;

/** counts: of each kind [all, shown]. */
export function bothCounts(counts: (kind: Kind) => readonly [Counts, Counts]): Tally["of"] {
  const of = {} as Record<Kind, ReadonlyMap<string, Counted>>;
  for (const kind of KINDS) {
    const [all, shown] = counts(kind);
    const codes = [...new Set([...all.keys(), ...shown.keys()])];
    of[kind] = new Map(
      codes.map((code) => [code, { shown: shown.get(code) ?? 0, all: all.get(code) ?? 0 }]),
    );
  }
  return of;
}

function earlier(a: number | null, b: number): number | null {
  return a === null || b < a ? b : a;
}

/** Somebody may be waiting with a radio in hand, and no named person has taken it on. */
export function isUrgent(report: Report): boolean {
  const { category, severity, accepted_at } = report.properties;
  if (accepted_at || isOver(report)) return false;
  return category === "rescue" || severity === "critical";
}
