/**
 * The features of one layer as this page knows them: what was read, and what the feed has told
 * since. A reading and the feed overtake each other; the higher seq wins, as everywhere.
 */

import type { Gone, Item } from "./frames.ts";
import type { LayerFeature } from "./layer.ts";

interface Told {
  readonly seq: number;
  /** null: it has left the layer. */
  readonly feature: LayerFeature | null;
}

export class LayerContents {
  private readonly features = new Map<string, LayerFeature>();
  private readonly told = new Map<string, Told>();
  private readonly slug: string;
  /** How many there are in all of what was asked for. */
  private count = 0;
  private known = false;

  constructor(slug: string) {
    this.slug = slug;
  }

  /** Whether it has been read at all. */
  get read(): boolean {
    return this.known;
  }

  get all(): LayerFeature[] {
    return [...this.features.values()];
  }

  get matched(): number {
    return Math.max(this.count, this.features.size);
  }

  get(id: string): LayerFeature | null {
    return this.features.get(id) ?? null;
  }

  /** A whole reading, as of `seq`; what the feed told later than that stays. */
  replace(features: readonly LayerFeature[], seq: number, matched = features.length): void {
    this.features.clear();
    for (const feature of features) this.features.set(featureId(feature), feature);
    this.count = matched;
    this.known = true;
    for (const [id, told] of this.told) {
      if (told.seq <= seq) this.told.delete(id);
      else this.put(id, told.feature);
    }
  }

  /** One change of the feed; null when it is none of this layer, or an older one. */
  take(change: Item | Gone): { readonly id: string; readonly feature: LayerFeature | null } | null {
    const id = idWithin(change, this.slug);
    if (id === null || (this.told.get(id)?.seq ?? -1) >= change.seq) return null;
    const feature = "feature" in change ? (change.feature as LayerFeature) : null;
    this.told.set(id, { seq: change.seq, feature });
    this.put(id, feature);
    return { id, feature };
  }

  private put(id: string, feature: LayerFeature | null): void {
    const had = this.features.has(id);
    if (feature) this.features.set(id, feature);
    else this.features.delete(id);
    this.count += Number(feature !== null && !had) - Number(feature === null && had);
  }
}

/** The identifier within its layer; in the feed the feature's own id names the layer, too. */
export function featureId(feature: LayerFeature): string {
  return feature.properties.feature_id ?? String(feature.id);
}

/** Of "<slug>/<id>"; null for everything else. */
function idWithin({ kind, id }: Item | Gone, slug: string): string | null {
  return kind === "feature" && id.startsWith(`${slug}/`) ? id.slice(slug.length + 1) : null;
}

/** The layer that a change of the feed is about; null for other kinds. */
export function layerOf({ kind, id }: Item | Gone): string | null {
  if (kind === "layer") return id;
  return kind === "feature" ? id.slice(0, id.indexOf("/")) : null;
}
