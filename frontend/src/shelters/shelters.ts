/** All shelters of the incident, kept at the head of the feed. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { type KeptLayer, KeptLayers, type LayerReading } from "../core/kept_layers.ts";
import type { LayerFeature, LayerFeatures, LayerInfo } from "../core/layer.ts";
import { Observable } from "../core/observable.ts";
import { rowOf, type ShelterRow } from "../core/shelter_board.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import type { PageData } from "./page_data.ts";

const SHELTERS = "shelter_operation";
const DRAW_AFTER_MS = 50;
const PAUSES = { every: 300, afterFailure: 5_000 };

export class Shelters {
  /** null until they have been read once. */
  readonly rows = new Observable<readonly ShelterRow[] | null>(null);
  /** A layer has changed, and could not be read again yet. */
  readonly behind: Observable<boolean>;
  private readonly page: PageData;
  private readonly api: Api;
  private readonly kept: KeptLayers;
  private layers: readonly KeptLayer[] = [];
  private drawing = false;

  constructor(page: PageData, api: Api, words: Vocabulary) {
    this.page = page;
    this.api = api;
    const kinds = words.terms("layer_kind").filter((t) => t.states?.operation === SHELTERS);
    const codes = new Set(kinds.map(({ code }) => code));
    const source = {
      list: () => this.list(),
      wants: (kind: string) => codes.has(kind),
      read: (info: LayerInfo) => this.read(info),
    };
    const read = (layers: readonly KeptLayer[]) => {
      this.layers = layers;
      this.tell();
    };
    this.kept = new KeptLayers(source, { read, told: () => this.tell() }, PAUSES);
    this.behind = this.kept.behind;
  }

  begin(): Promise<void> {
    return this.kept.begin();
  }

  changed(changes: readonly (Item | Gone)[]): void {
    this.kept.changed(changes);
  }

  private async list(): Promise<readonly LayerInfo[]> {
    return (await this.api.get<{ items: LayerInfo[] }>(this.page.urls.layers)).items;
  }

  private async read(info: LayerInfo): Promise<LayerReading> {
    const url = this.page.urls.features.replace("{slug}", info.slug);
    const features: LayerFeature[] = [];
    let [seq, cursor] = [Number.POSITIVE_INFINITY, ""];
    do {
      const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const answer = await this.api.get<LayerFeatures & { cursor?: string | null }>(url + more);
      features.push(...answer.features);
      seq = Math.min(seq, answer.seq ?? 0);
      cursor = answer.cursor ?? "";
    } while (cursor);
    return { features, seq, matched: features.length };
  }

  /** Many changes in one frame cost one pass. */
  private tell(): void {
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => {
      this.drawing = false;
      this.rows.set(
        this.layers.flatMap(({ info, contents }) =>
          contents.all.map((feature) => rowOf(feature, info)),
        ),
      );
    }, DRAW_AFTER_MS);
  }
}
