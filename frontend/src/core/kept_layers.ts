/**
 * The layers of some kinds, kept at the head of the feed. A changed feature comes whole with it;
 * when a layer has changed they are read again, until that has succeeded.
 */

import type { Gone, Item } from "./frames.ts";
import type { LayerFeature, LayerInfo } from "./layer.ts";
import { LayerContents, layerOf } from "./layer_contents.ts";
import { Observable } from "./observable.ts";
import { type Pauses, Rereading } from "./rereading.ts";

export interface LayerSource {
  readonly list: () => Promise<readonly LayerInfo[]>;
  readonly wants: (kind: string) => boolean;
  readonly read: (info: LayerInfo) => Promise<LayerReading>;
}

export interface LayerReading {
  readonly features: readonly LayerFeature[];
  /** The layer's position in the feed when it was read. */
  readonly seq: number;
  /** How many there are, read or not. */
  readonly matched: number;
}

export interface KeptLayer {
  readonly info: LayerInfo;
  readonly contents: LayerContents;
}

export interface LayerNews {
  readonly id: string;
  /** null: it has left the layer. */
  readonly feature: LayerFeature | null;
}

export interface LayerHandlers {
  /** All have been read anew. */
  readonly read: (layers: readonly KeptLayer[]) => void;
  /** The feed told something of one feature. */
  readonly told: (slug: string, news: LayerNews) => void;
}

export class KeptLayers {
  /** What is kept is older than the feed: the last reading failed. */
  readonly behind = new Observable(false);
  private readonly source: LayerSource;
  private readonly handlers: LayerHandlers;
  private readonly rereading: Rereading;
  private contents = new Map<string, LayerContents>();
  private last: Promise<unknown> = Promise.resolve();
  private readings = 0;

  constructor(source: LayerSource, handlers: LayerHandlers, pauses: Pauses) {
    this.source = source;
    this.handlers = handlers;
    this.rereading = new Rereading(() => this.load(), pauses);
  }

  /** The feed begins (again): numbers of another one must not win over this one's. */
  async begin(): Promise<void> {
    this.contents = new Map();
    await this.load();
  }

  changed(changes: readonly (Item | Gone)[]): void {
    let anew = false;
    for (const change of changes) {
      const slug = layerOf(change);
      if (slug === null) continue;
      if (change.kind === "layer") anew ||= this.concerns(slug, change);
      else this.take(slug, change);
    }
    if (anew) this.rereading.again();
  }

  private concerns(slug: string, change: Item | Gone): boolean {
    const kind = "feature" in change ? (change.feature as LayerInfo).kind : "";
    return this.contents.has(slug) || this.source.wants(kind);
  }

  private take(slug: string, change: Item | Gone): void {
    // what is told of a layer that is being read for the first time may not be in that reading
    const contents = this.readings > 0 ? this.contentsOf(slug) : this.contents.get(slug);
    const news = contents?.take(change);
    if (news && contents?.read) this.handlers.told(slug, news);
  }

  private contentsOf(slug: string): LayerContents {
    const found = this.contents.get(slug) ?? new LayerContents(slug);
    this.contents.set(slug, found);
    return found;
  }

  /** One after the other: an older reading must not come in after a newer one. */
  private load(): Promise<void> {
    this.readings += 1;
    const mine = this.last.then(() => this.readAll());
    this.last = mine.catch(() => undefined);
    return mine.finally(() => {
      this.readings -= 1;
    });
  }

  private async readAll(): Promise<void> {
    const { contents } = this;
    try {
      const found = await this.readWanted();
      // the feed has begun again meanwhile: its own reading comes after this one
      if (contents === this.contents) this.keep(found);
      this.behind.set(false);
    } catch (error) {
      this.behind.set(true);
      throw error;
    }
  }

  private async readWanted(): Promise<(readonly [LayerInfo, LayerReading])[]> {
    const infos = (await this.source.list()).filter(({ kind }) => this.source.wants(kind));
    return Promise.all(infos.map(async (info) => [info, await this.source.read(info)] as const));
  }

  private keep(found: readonly (readonly [LayerInfo, LayerReading])[]): void {
    const layers = found.map(([info, { features, seq, matched }]) => {
      const contents = this.contentsOf(info.slug);
      contents.replace(features, seq, matched);
      return { info, contents };
    });
    this.contents = new Map(layers.map(({ info, contents }) => [info.slug, contents]));
    this.handlers.read(layers);
  }
}
