/** How a visitor found a facility, as the API gives it. null = not reported, never zero. */

export interface Situation {
  readonly id: string;
  /** As the phone's clock said it. */
  readonly captured_at: string;
  /** The same, or received_at where the phone's clock was ahead; the order of the series. */
  readonly as_of: string;
  readonly received_at: string;
  readonly operation: string | null;
  readonly congestion: string | null;
  readonly persons: number | null;
  readonly households: number | null;
  /** Sleeping in their cars, not among `persons`. */
  readonly car_stayers: number | null;
  readonly power: string | null;
  readonly water: string | null;
  readonly toilets: string | null;
  /** Words are for staff only: missing where the public looks. */
  readonly needs?: string | null;
  readonly note?: string | null;
  /** Who said it; for headquarters and partners only. */
  readonly by?: string;
}

/** Newest first; cursor goes on, null at the end. */
export interface Series {
  readonly items: readonly Situation[];
  readonly cursor: string | null;
}
