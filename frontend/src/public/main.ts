/** The public page: the list works without this; here it comes alive, with position and map. */

import type { Api } from "../core/api.ts";
import type { Gone, Item } from "../core/frames.ts";
import type { Freshness } from "../core/freshness.ts";
import { type Catalogue, useLanguage } from "../core/language.ts";
import { isReport, type Report } from "../core/report.ts";
import { Store } from "../core/store.ts";
import { clockTime, useZone } from "../core/times.ts";
import { Vocabulary, type VocabularyData } from "../core/vocabulary.ts";
import { byId } from "../dom/element.ts";
import { say, withoutReadings } from "../dom/say.ts";
import { addBasemap } from "../map/basemap.ts";
import { L, type LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { onMap, sayZoom } from "../map/start.ts";
import { setUpCopy } from "./copy.ts";
import { followPublic } from "./follow.ts";
import { PublicLayers } from "./layers.ts";
import { Listing } from "./listing.ts";
import { setUpNear } from "./near.ts";
import { type PageData, readPageData } from "./page_data.ts";
import { reportWords } from "./popup.ts";
import { publicApi } from "./public_api.ts";
import { loadReports } from "./reports.ts";

setUpNear();
setUpCopy();
const page = readPageData();
if (page) void open(page);

/** What the map wants of the feed; nothing before there is one. */
interface MapParts {
  readonly store: Store<Report>;
  readonly layers: PublicLayers;
}

async function open(page: PageData): Promise<void> {
  const api = publicApi(page);
  useZone(page.time_zone);
  const words = api.get<Catalogue>(page.urls.catalogue);
  const spoken = words.then((found) => useLanguage(page.language, found));
  const map = document.getElementById("map-part") ? mapParts(page, api, spoken) : null;
  await spoken;
  const listing = document.getElementById("listing");
  if (listing) follow(page, api, new Listing(page, listing), map);
}

function follow(page: PageData, api: Api, listing: Listing, map: Promise<MapParts> | null): void {
  let loaded = false;
  const changed = (items: readonly Item[], gone: readonly Gone[]) => {
    if (items.length + gone.length > 0) listing.again();
    void map?.then(({ store, layers }) => {
      store.apply(items, gone);
      layers.changed(items, gone);
    });
  };
  const snapshot = async () => {
    // after a break nobody knows what was missed; the page itself was made just now
    if (loaded) listing.again();
    loaded = true;
    const parts = await map;
    if (!parts) return api.get<{ epoch: string; head: number }>(page.urls.state);
    const stand = await loadReports(page, api, parts.store);
    await parts.layers.load();
    return stand;
  };
  const feed = followPublic(page, api, { changed, snapshot });
  feed.status.changed(sayFreshness);
}

function mapParts(page: PageData, api: Api, spoken: Promise<void>): Promise<MapParts> {
  return new Promise((resolve, reject) => {
    onMap((map) => {
      addBasemap(map);
      spoken.then(() => sayZoom(map)).catch(() => {});
      api.get<VocabularyData>(page.urls.vocabulary).then((data) => {
        const words = new Vocabulary(data);
        const store = new Store<Report>("report", isReport);
        const marks = reportMarks(map, store, words);
        store.changed(() => marks.show(store.all()));
        resolve({ store, layers: new PublicLayers(page, api, map, words) });
      }, reject);
    });
  });
}

function reportMarks(map: LeafletMap, store: Store<Report>, words: Vocabulary): ReportMarks {
  const pick = (id: string) => {
    const report = store.get(id);
    const box = report?.geometry && L.geoJSON(report.geometry).getBounds();
    if (!report || !box?.isValid()) return;
    L.popup().setLatLng(box.getCenter()).setContent(reportWords(report, words)).openOn(map);
  };
  const title = ({ properties }: Report) =>
    withoutReadings(words.label("category", properties.category));
  return new ReportMarks(map, words, { pick, title });
}

function sayFreshness(fresh: Freshness): void {
  const line = byId("live-words");
  const stale = fresh.kind === "stale" || fresh.kind === "refused";
  line.classList.toggle("live--stale", stale);
  line.replaceChildren(liveWords(fresh));
}

function liveWords(fresh: Freshness): Node {
  if (fresh.kind === "stale") return say("Stale since {time}", { time: clockTime(fresh.since) });
  if (fresh.kind === "refused") return say("Load this page again to see what is new.");
  return say("This list stays up to date by itself.");
}
