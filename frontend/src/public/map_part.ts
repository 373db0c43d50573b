/** The map's part of the public page: there once both the map and the vocabulary have come. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { insist } from "../core/insist.ts";
import { Vocabulary, type VocabularyData } from "../core/vocabulary.ts";
import { addBasemap } from "../map/basemap.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { onMap, sayZoom } from "../map/start.ts";
import { LiveMap } from "./live_map.ts";
import type { PageData } from "./page_data.ts";

export class MapPart {
  private readonly page: PageData;
  private readonly api: Api;
  private map: LeafletMap | null = null;
  private live: LiveMap | null = null;
  private begun = false;

  constructor(page: PageData, api: Api) {
    this.page = page;
    this.api = api;
    onMap((map) => {
      this.map = map;
      addBasemap(map);
      void this.start(map);
    });
  }

  /** The feed begins (again). A map that comes later reads all that was told before. */
  begin(): void {
    this.begun = true;
    this.live?.begin();
  }

  changed(items: readonly Item[], gone: readonly Gone[]): void {
    this.live?.changed(items, gone);
  }

  /** The page has learnt its words. */
  say(): void {
    if (this.map) sayZoom(this.map);
    this.live?.layers.tell();
  }

  private async start(map: LeafletMap): Promise<void> {
    const read = () => this.api.get<VocabularyData>(this.page.urls.vocabulary);
    const words = new Vocabulary(await insist(read));
    this.live = new LiveMap(this.page, this.api, map, words);
    if (this.begun) this.live.begin();
  }
}
