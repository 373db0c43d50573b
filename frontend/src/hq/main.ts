/** The desk's page: puts the parts together once django-leaflet has made the map. */

import { Api } from "../core/api.ts";
import { useDueSoon } from "../core/due.ts";
import { useLanguage } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { useServerTime } from "../core/server_clock.ts";
import { useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { addBasemap } from "../map/basemap.ts";
import { ClaimMarks } from "../map/claim_marks.ts";
import { FoundMark } from "../map/found.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { Selection } from "../map/selection.ts";
import { onMap } from "../map/start.ts";
import { setUpStrip } from "../map/strip.ts";
import { watchView, watchZoom } from "../map/view.ts";
import { Address } from "./address.ts";
import { mountAlarm } from "./alarm.ts";
import { setUpBar } from "./bar.ts";
import { setUpBehindLine } from "./behind_line.ts";
import { Board } from "./board.ts";
import { Bulk } from "./bulk.ts";
import { setUpChoosing } from "./choose.ts";
import { showClusters } from "./cluster_map.ts";
import { Coverage } from "./coverage.ts";
import { Desk } from "./desk.ts";
import { Detail } from "./detail.ts";
import { setUpDoubleWalk } from "./double_walk.ts";
import { featureGone, hideFeature, refreshFeature, showFeature } from "./feature_card.ts";
import { Find } from "./find.ts";
import { setUpKeyboard, setUpListKeys } from "./keyboard.ts";
import { Places } from "./layer_place.ts";
import { setUpLayerSearch } from "./layer_search.ts";
import { Layers } from "./layers.ts";
import { List, setUpTabs } from "./list.ts";
import { follow } from "./live.ts";
import { setUpNarrowing } from "./narrowing.ts";
import { Near } from "./near.ts";
import { readPageData } from "./page_data.ts";
import { Pinned } from "./pinned.ts";
import { placeHandlers, setUpPlaceTools } from "./place_tools.ts";
import { setUpGoingOn, setUpQueue } from "./queue.ts";
import { setUpRail } from "./rail.ts";
import { placeWords, what } from "./row.ts";
import { Sound, soundSwitch } from "./sound.ts";
import { setUpTheme } from "./theme.ts";
import { setUpTimeSlider } from "./time_slider.ts";
import { setUpUndo } from "./undo.ts";
import { setUpLinksWithView } from "./with_view.ts";

const page = readPageData();
useLanguage(page.language, page.catalogue);
useZone(page.incident.time_zone);
useServerTime(page.review.now);
useDueSoon(page.review.due_soon_min);
setUpTheme(byId("theme"));
setUpLinksWithView();
onMap(openDesk);

function openDesk(map: LeafletMap): void {
  map.zoomControl.setPosition("bottomright");
  addBasemap(map);
  watchZoom(map);
  const desk = new Desk(page, new Api({ csrf: page.csrf }), watchView(map));
  const layers = new Layers(desk, map, {
    pick: (feature, layer) => showFeature(feature, layer, desk),
    changed: (feature, layer) => refreshFeature(feature, layer, desk),
    gone: featureGone,
  });
  const places = new Places(desk, map, layers);
  const open = (layer: string, id: string) => void places.open(layer, id);
  const near = new Near(desk, map, { kinds: () => layers.kinds(), open });
  setUpStrip(map, byId("coordinates"), byId("furniture"));
  setUpRail(desk);
  setUpLayerSearch(desk, open);
  new Find(desk, new FoundMark(map), open);
  setUpNarrowing(desk, map, new Address(desk, map));
  new Coverage(desk, map);
  setUpTabs(desk);
  setUpDoubleWalk(desk);
  setUpTimeSlider(desk);
  new List(desk);
  setUpBehindLine(desk);
  const measure = (from: readonly number[], title: string) => near.measure([...from], title);
  const detail = new Detail(desk, { ...placeHandlers(map, desk), open, near: measure });
  setUpPlaceTools(desk, map, { open, nearest: measure });
  showReports(map, desk, places);
  showClusters(map, desk);
  new Board(desk);
  setUpKeyboard(desk);
  setUpListKeys(desk);
  setUpReview(map, desk);
  setUpGoingOn(desk);
  setUpUndo(desk);
  const listeners = [desk.claims, layers, detail.talk, detail.surroundings, near];
  const feed = follow(desk, {
    changed: (items) => {
      for (const listener of listeners) listener.changed(items);
    },
    begins: () => {
      void desk.claims.load();
      void layers.load().then(() => openAsked(open));
    },
  });
  setUpBar(desk, feed.status);
}

/** Who is in danger is heard and seen first; the queue tells how long the others wait. */
function setUpReview(map: LeafletMap, desk: Desk): void {
  const sound = new Sound(desk.memory);
  byId("queue").after(soundSwitch(sound));
  setUpQueue(desk, { worse: () => sound.play("queue") });
  new Pinned(desk, sound);
  if (desk.mayEdit) {
    const after = desk.page.review.alarm_after_s;
    mountAlarm(desk.urgent, {
      after,
      counts: desk.urgentCounts,
      sound,
      open: (id) => desk.open(id),
    });
  }
  new Bulk(desk);
  setUpChoosing(desk, map);
  const marks = new ClaimMarks(map);
  const show = () => marks.show(desk.claims.shown);
  desk.claims.others.changed(show);
  desk.store.changed(show);
}

let asked = new URLSearchParams(location.search).get("place");

/** `?place=<layer>/<id>`: from the board of shelters; once. */
function openAsked(open: (layer: string, id: string) => void): void {
  const [layer, ...id] = asked?.split("/") ?? [];
  asked = null;
  if (layer) open(layer, id.join("/"));
}

function showReports(map: LeafletMap, desk: Desk, places: Places): void {
  const title = (report: Report) => `${what(report, desk.words)} – ${placeWords(report)}`;
  const marks = new ReportMarks(map, desk.words, { pick: (id) => desk.open(id), title });
  const selection = new Selection(map);
  desk.shown.watch((reports) => marks.show(reports, desk.newcomers.ids.value));
  desk.selected.changed((id) => {
    marks.select(id);
    hideFeature();
    places.clear();
  });
  desk.selected.watch(() => selection.show(desk.report));
  desk.store.changed(() => selection.show(desk.report));
}
