/** A place as `nearest`, `places` and the context of a report tell it. */

export interface NearPlace {
  /** Slug. */
  readonly layer: string;
  readonly kind: string;
  readonly feature_id: string;
  readonly name: string | null;
  readonly name_en: string | null;
  readonly address: string | null;
  readonly publisher: string;
  readonly publisher_en?: string | null;
  readonly source_name?: string | null;
  /** Geodesic, in a straight line (m); `places` do not have it. */
  readonly distance_m?: number;
  /** null where it has no place. */
  readonly lon: number | null;
  readonly lat: number | null;
  readonly operation: string | null;
  readonly operation_as_of?: string | null;
  readonly congestion: string | null;
  readonly traffic: string | null;
  readonly traffic_as_of?: string | null;
  readonly estimated: boolean;
  readonly source_as_of?: string | null;
}

export interface Surroundings {
  readonly at: string;
  readonly items: readonly NearPlace[];
}

/** What was published around a report, as it came in and now; null = not noted, or no place. */
export interface Context {
  readonly stored: Surroundings | null;
  readonly fresh: Surroundings | null;
}

export function keyOf({ layer, feature_id }: NearPlace): string {
  return `${layer}/${feature_id}`;
}

/** Whether both say the same of the same place; distances may differ where the report was moved. */
export function sameWord(a: NearPlace | undefined, b: NearPlace | undefined): boolean {
  if (!a || !b) return a === b;
  const same = (["operation", "congestion", "traffic"] as const).every((n) => a[n] === b[n]);
  return same && keyOf(a) === keyOf(b);
}
