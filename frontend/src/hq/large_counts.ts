/** The tally of a large incident: the server counts, again whenever something has changed. */

import { boxText } from "../core/box_text.ts";
import { PacedReading } from "../core/pacing.ts";
import { bothCounts, type Kind, type Tally } from "../core/tally.ts";
import { askedArea } from "./asked.ts";
import type { Desk } from "./desk.ts";

type Codes = Readonly<Record<string, number>>;

interface Counts {
  readonly total: number;
  readonly severity: Codes;
  readonly status: Codes;
  readonly category: Codes;
  readonly waiting: number | null;
  readonly oldest_waiting_at: string | null;
  readonly by_view?: Tally["split"];
}

export class LargeCounts {
  readonly reading: PacedReading;
  private readonly desk: Desk;
  private readonly counted: () => void;

  /** counted: the tally is that of the view and filters of now. */
  constructor(desk: Desk, counted: () => void) {
    this.desk = desk;
    this.counted = counted;
    this.reading = new PacedReading((unwanted) => this.read(unwanted));
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const { desk } = this;
    const [area, filters] = [askedArea(desk), desk.query];
    filters.set("view", boxText(desk.view.value));
    // an answer that another desk has got a moment ago will do, if it knows of as much
    for (const query of [area, filters]) query.set("v", String(desk.feedAt.value));
    const url = desk.page.urls.counts;
    const [all, shown] = await Promise.all([
      desk.api.get<Counts>(`${url}?${area}`, unwanted),
      desk.api.get<Counts>(`${url}?${filters}`, unwanted),
    ]);
    if (unwanted.aborted) return;
    desk.tally.set(tallyOf(all, shown));
    this.counted();
  }
}

function tallyOf(all: Counts, shown: Counts): Tally {
  const codes = (kind: Kind) =>
    [new Map(Object.entries(all[kind])), new Map(Object.entries(shown[kind]))] as const;
  const oldest = Date.parse(all.oldest_waiting_at ?? "");
  return {
    known: true,
    total: all.total,
    shown: shown.total,
    of: bothCounts(codes),
    waiting: all.waiting ?? 0,
    oldestWaitingAt: Number.isNaN(oldest) ? null : oldest,
    split: shown.by_view ?? { inside: 0, outside: 0, placeless: 0 },
  };
}
