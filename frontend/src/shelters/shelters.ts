/** All shelters of the incident, kept at the head of the feed. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import type { LayerFeatures, LayerInfo } from "../core/layer.ts";
import { LayerContents, layerOf } from "../core/layer_contents.ts";
import { Observable } from "../core/observable.ts";
import { rowOf, type ShelterRow } from "../core/shelter_board.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import type { PageData } from "./page_data.ts";

interface Kept {
  readonly info: LayerInfo;
  readonly contents: LayerContents;
}

export class Shelters {
  /** null until they have been read once. */
  readonly rows = new Observable<readonly ShelterRow[] | null>(null);
  private readonly page: PageData;
  private readonly api: Api;
  private readonly kinds: ReadonlySet<string>;
  private layers = new Map<string, Kept>();
  private drawing = false;

  constructor(page: PageData, api: Api, words: Vocabulary) {
    this.page = page;
    this.api = api;
    const kinds = words.terms("layer_kind").filter((t) => t.states?.operation === SHELTERS);
    this.kinds = new Set(kinds.map(({ code }) => code));
  }

  /** The feed begins (again): numbers of another one must not win over this one's. */
  async begin(): Promise<void> {
    this.layers.clear();
    await this.load();
  }

  private async load(): Promise<void> {
    const { items } = await this.api.get<{ items: LayerInfo[] }>(this.page.urls.layers);
    const infos = items.filter(({ kind }) => this.kinds.has(kind));
    const read = await Promise.all(infos.map((info) => this.read(info)));
    this.layers = new Map(read.map((kept) => [kept.info.slug, kept]));
    this.tell();
  }

  changed(changes: readonly (Item | Gone)[]): void {
    let anew = false;
    for (const change of changes) {
      const slug = layerOf(change);
      if (slug === null) continue;
      if (change.kind === "layer") anew ||= this.concerns(slug, change);
      else if (this.layers.get(slug)?.contents.take(change)) this.tell();
    }
    if (anew) void this.load().catch(() => undefined);
  }

  private concerns(slug: string, change: Item | Gone): boolean {
    const kind = "feature" in change ? (change.feature as LayerInfo).kind : "";
    return this.layers.has(slug) || this.kinds.has(kind);
  }

  private async read(info: LayerInfo): Promise<Kept> {
    // what the feed tells meanwhile goes into the old contents, and is in the new answer or after it
    const contents = this.layers.get(info.slug)?.contents ?? new LayerContents(info.slug);
    const url = this.page.urls.features.replace("{slug}", info.slug);
    const features = [];
    let [seq, cursor] = [Number.POSITIVE_INFINITY, ""];
    do {
      const more = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
      const answer = await this.api.get<LayerFeatures & { cursor?: string | null }>(url + more);
      features.push(...answer.features);
      seq = Math.min(seq, answer.seq ?? 0);
      cursor = answer.cursor ?? "";
    } while (cursor);
    contents.replace(features, seq);
    return { info, contents };
  }

  /** Many changes in one frame cost one pass. */
  private tell(): void {
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => {
      this.drawing = false;
      this.rows.set(
        [...this.layers.values()].flatMap(({ info, contents }) =>
          contents.all.map((feature) => rowOf(feature, info)),
        ),
      );
    }, DRAW_AFTER_MS);
  }
}

const SHELTERS = "shelter_operation";
const DRAW_AFTER_MS = 50;
