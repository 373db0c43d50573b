/** How full a place has been over time, as a small step line: a count holds until the next one. */

export interface Count {
  /** ms since 1970. */
  readonly at: number;
  readonly persons: number;
}

export interface SeriesItem {
  readonly as_of: string;
  readonly persons: number | null;
}

/** Oldest first; words without a number are no counts. */
export function counts(items: readonly SeriesItem[]): Count[] {
  const told = items.flatMap(({ as_of, persons }) =>
    persons === null ? [] : [{ at: Date.parse(as_of), persons }],
  );
  return told.filter(({ at }) => !Number.isNaN(at)).sort((a, b) => a.at - b.at);
}

/** An SVG path in a box of width x height units, from 0 persons at its foot to the most at its top. */
export function stepPath(
  told: readonly Count[],
  width: number,
  height: number,
  now: number,
): string {
  const first = told[0];
  if (!first) return "";
  const most = Math.max(1, ...told.map(({ persons }) => persons));
  const span = Math.max(1, now - first.at);
  const x = (at: number) => round((Math.min(1, (at - first.at) / span) || 0) * width);
  const y = (persons: number) => round(height - (persons / most) * height);
  const steps = told.slice(1).map(({ at, persons }) => `H${x(at)}V${y(persons)}`);
  return `M0 ${y(first.persons)}${steps.join("")}H${round(width)}`;
}

function round(units: number): number {
  return Math.round(units * 10) / 10;
}
