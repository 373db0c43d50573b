/** The map of the public page, kept at the head of the feed; the list waits for nothing here. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import { isReport, type Report } from "../core/report.ts";
import { Rereading } from "../core/rereading.ts";
import { Store } from "../core/store.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { withoutReadings } from "../dom/say.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { PublicLayers } from "./layers.ts";
import type { PageData } from "./page_data.ts";
import { reportWords } from "./popup.ts";
import { readReports } from "./reports.ts";

const PAUSES = { every: 300, afterFailure: 5_000 };

interface Told {
  readonly items: readonly Item[];
  readonly gone: readonly Gone[];
}

export class LiveMap {
  readonly layers: PublicLayers;
  private readonly page: PageData;
  private readonly api: Api;
  private readonly store = new Store<Report>("report", isReport);
  private readonly rereading = new Rereading(() => this.read(), PAUSES);
  /** What the feed has told while the reports are being read. */
  private meanwhile: Told[] | null = null;

  constructor(page: PageData, api: Api, map: LeafletMap, words: Vocabulary) {
    this.page = page;
    this.api = api;
    this.layers = new PublicLayers(page, api, map, words);
    const marks = reportMarks(map, this.store, words);
    this.store.changed(() => marks.show(this.store.all()));
  }

  /** The feed begins (again): everything is read anew, until that has succeeded. */
  begin(): void {
    this.rereading.again();
  }

  changed(items: readonly Item[], gone: readonly Gone[]): void {
    this.store.apply(items, gone);
    this.meanwhile?.push({ items, gone });
    this.layers.changed([...items, ...gone]);
  }

  private async read(): Promise<void> {
    await Promise.all([this.readReports(), this.layers.begin()]);
  }

  private async readReports(): Promise<void> {
    this.meanwhile = [];
    this.store.replace(await readReports(this.page, this.api));
    // of this, an older reading knows nothing
    for (const { items, gone } of this.meanwhile) this.store.apply(items, gone);
    this.meanwhile = null;
  }
}

function reportMarks(map: LeafletMap, store: Store<Report>, words: Vocabulary): ReportMarks {
  const popup = L.popup();
  let [told, written]: [string, Report | null] = ["", null];
  const pick = (id: string) => {
    const report = store.get(id);
    const box = report?.geometry && L.geoJSON(report.geometry).getBounds();
    if (!report || !box?.isValid()) return;
    [told, written] = [id, report];
    popup.setLatLng(box.getCenter()).setContent(reportWords(report, words)).openOn(map);
  };
  // what is taken back leaves the eyes of who is reading it
  store.changed(() => {
    const report = store.get(told);
    if (!popup.isOpen() || report === written) return;
    written = report ?? null;
    if (report?.geometry) popup.setContent(reportWords(report, words));
    else popup.close();
  });
  const title = ({ properties }: Report) =>
    withoutReadings(words.label("category", properties.category));
  return new ReportMarks(map, words, { pick, title });
}
