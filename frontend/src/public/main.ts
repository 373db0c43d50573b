/** The public page: the list works without this; here come the own position and the map. */

import { type Catalogue, t, useLanguage } from "../core/language.ts";
import { isReport, type Report } from "../core/report.ts";
import { Store } from "../core/store.ts";
import { clockTime, useZone } from "../core/times.ts";
import { Vocabulary, type VocabularyData } from "../core/vocabulary.ts";
import { byId } from "../dom/element.ts";
import { addBasemap } from "../map/basemap.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { onMap } from "../map/start.ts";
import { Follower, publicApi } from "./follow.ts";
import { PublicLayers } from "./layers.ts";
import { setUpNear } from "./near.ts";
import { type PageData, readPageData } from "./page_data.ts";
import { reportWords } from "./popup.ts";

setUpNear();
const page = readPageData();
if (page) onMap((map) => void open(page, map));

async function open(page: PageData, map: LeafletMap): Promise<void> {
  addBasemap(map);
  const [words, catalogue] = await Promise.all([
    publicApi.get<VocabularyData>(page.urls.vocabulary),
    publicApi.get<Catalogue>(page.urls.catalogue),
  ]);
  useLanguage(page.language, catalogue);
  useZone(page.time_zone);
  show(page, map, new Vocabulary(words));
}

function show(page: PageData, map: LeafletMap, words: Vocabulary): void {
  const store = new Store<Report>("report", isReport);
  const marks = reportMarks(map, store, words);
  const layers = new PublicLayers(page, map, words);
  store.changed(() => marks.show(store.all()));
  const follower = new Follower(page, store, {
    changed: (items) => {
      layers.changed(items);
      byId("list-old").hidden = false;
    },
    asOf: sayAge,
  });
  void follower.start();
  layers.load().catch(() => sayAge(null));
}

function reportMarks(map: LeafletMap, store: Store<Report>, words: Vocabulary): ReportMarks {
  const pick = (id: string) => {
    const report = store.get(id);
    const box = report?.geometry && L.geoJSON(report.geometry).getBounds();
    if (!report || !box?.isValid()) return;
    L.popup().setLatLng(box.getCenter()).setContent(reportWords(report, words)).openOn(map);
  };
  const title = ({ properties }: Report) => words.label("category", properties.category);
  return new ReportMarks(map, words, { pick, title });
}

let lastHeard: number | null = null;

function sayAge(at: number | null): void {
  lastHeard = at ?? lastHeard;
  const time = lastHeard === null ? "–" : clockTime(lastHeard);
  const line = byId("map-age");
  line.classList.toggle("map-age--stale", at === null);
  line.textContent = at === null ? t("Stale since {time}", { time }) : t("As of {time}", { time });
}
