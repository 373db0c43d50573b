/**
 * What organisations publish, copied onto the phone: after one visit the shelters, water and roads
 * around an incident are there without a network. One copy a layer, made anew when it changed.
 */

import type { Box as Extent } from "../../core/geometry.ts";
import type { LayerFeature, LayerFeatures, LayerInfo } from "../../core/layer.ts";
import { Observable } from "../../core/observable.ts";
import { PLACE_KINDS, type SupportPlace } from "./nearest.ts";
import type { CopyHost } from "./reports_copy.ts";

/** Of one layer; what lies outside the incident's area goes first. */
export const MOST_FEATURES = 2_000;
const KIND = "layers";
/** Nothing to go to, or pictures that no phone should load unasked. */
const ROADS = ["road_closure", "passable", "landslide"];
export const COPIED_KINDS: ReadonlySet<string> = new Set([...PLACE_KINDS, ...ROADS]);

export interface LayerCopy {
  readonly info: LayerInfo;
  readonly features: readonly LayerFeature[];
  /** Of how many; more than features.length when only a part is here. */
  readonly total: number;
  /** ms since 1970. */
  readonly readAt: number;
}

export class Layers {
  readonly copies = new Observable<readonly LayerCopy[]>([]);
  readonly ready: Promise<void>;
  private readonly host: CopyHost;
  private readonly incident: string;
  private readonly extent: Extent | null;
  private readonly known = new Map<string, LayerCopy>();
  private reading: Promise<void> | null = null;

  /** extent: of the incident, in degrees; null = not known, then nothing is left out for it. */
  constructor(host: CopyHost, incident: string, extent: Extent | null) {
    this.host = host;
    this.incident = incident;
    this.extent = extent;
    this.ready = this.recall();
  }

  /** Reads the layers that changed. Rejects when the service cannot be reached, or refuses. */
  refresh(): Promise<void> {
    this.reading ??= this.ready
      .then(() => this.readChanged())
      .finally(() => {
        this.reading = null;
      });
    return this.reading;
  }

  places(): SupportPlace[] {
    return this.copies.value.flatMap(({ info, features }) =>
      features.map((feature) => ({ feature, info })),
    );
  }

  facility(layer: string, id: string): SupportPlace | null {
    const copy = this.known.get(layer);
    const feature = copy?.features.find((one) => String(one.id) === id);
    return copy && feature ? { feature, info: copy.info } : null;
  }

  /** Nothing of them stays on the phone. */
  async forget(): Promise<void> {
    await this.ready;
    await this.forgetAllBut(new Set());
  }

  private async recall(): Promise<void> {
    for (const copy of await this.host.box.copies<LayerCopy>(this.name)) {
      this.known.set(copy.info.slug, copy);
    }
    this.show();
  }

  private async readChanged(): Promise<void> {
    const query = new URLSearchParams({ incident: this.incident });
    const { items } = await this.host.get<{ items: LayerInfo[] }>(`layers?${query}`);
    const wanted = items.filter((info) => COPIED_KINDS.has(info.kind) && info.version != null);
    await this.forgetAllBut(new Set(wanted.map((info) => info.slug)));
    for (const info of wanted) {
      const before = this.known.get(info.slug);
      if (!before || !isSame(before.info, info)) await this.keep(await this.read(info));
      // counts and "stale" move with the clock alone
      else if (differs(before.info, info)) await this.keep({ ...before, info });
    }
  }

  private async read(info: LayerInfo): Promise<LayerCopy> {
    const readAt = this.host.now();
    const query = new URLSearchParams({ incident: this.incident, limit: String(MOST_FEATURES) });
    // a whole prefecture's list: the part around the incident
    if (this.extent && (info.feature_count ?? 0) > MOST_FEATURES) {
      query.set("bbox", this.extent.join(","));
    }
    const path = `layers/${encodeURIComponent(info.slug)}/features?${query}`;
    const { features } = await this.host.get<LayerFeatures>(path);
    return { info, features, total: info.feature_count ?? features.length, readAt };
  }

  private async keep(copy: LayerCopy): Promise<void> {
    this.known.set(copy.info.slug, copy);
    this.show();
    await this.host.box.copy(this.name, new Map([[copy.info.slug, copy]]));
  }

  private async forgetAllBut(slugs: ReadonlySet<string>): Promise<void> {
    const gone = [...this.known.keys()].filter((slug) => !slugs.has(slug));
    if (gone.length === 0) return;
    for (const slug of gone) this.known.delete(slug);
    this.show();
    await this.host.box.copy(this.name, new Map(gone.map((slug) => [slug, null])));
  }

  private show(): void {
    this.copies.set([...this.known.values()]);
  }

  private get name(): string {
    return `${KIND}:${this.incident}`;
  }
}

function isSame(before: LayerInfo, now: LayerInfo): boolean {
  return before.version === now.version && before.seq === now.seq;
}

function differs(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}
