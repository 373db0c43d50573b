/** The screen on headquarters' wall: follows by itself, stays awake, says when it is out of date. */

import { Api } from "../core/api.ts";
import { fromQuery, type MapView } from "../core/desk_query.ts";
import { t, useLanguage } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { serverNow, useServerTime } from "../core/server_clock.ts";
import { clockSeconds, day, useZone } from "../core/times.ts";
import { byId, el } from "../dom/element.ts";
import { mountAlarm } from "../hq/alarm.ts";
import { showClusters } from "../hq/cluster_map.ts";
import { Desk } from "../hq/desk.ts";
import { follow } from "../hq/live.ts";
import { placeWords, what } from "../hq/row.ts";
import { Sound, soundSwitch } from "../hq/sound.ts";
import { setUpTheme } from "../hq/theme.ts";
import { addBasemap } from "../map/basemap.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { ReportMarks } from "../map/report_marks.ts";
import { onMap } from "../map/start.ts";
import { setMapView, watchView, watchZoom } from "../map/view.ts";
import { stayAwake } from "../signage/awake.ts";
import { Following } from "./follow.ts";
import { setUpFreshness } from "./fresh.ts";
import { readWallData } from "./page_data.ts";
import { setUpRenewal } from "./renew.ts";
import { setUpScreen } from "./screen.ts";
import { SeriousList } from "./serious.ts";
import { setUpCounts } from "./waiting.ts";

const page = readWallData();
useLanguage(page.language, page.catalogue);
useZone(page.incident.time_zone);
useServerTime(page.review.now);
setUpTheme(byId("theme"));
onMap(openWall);

function openWall(map: LeafletMap): void {
  addBasemap(map);
  watchZoom(map);
  const desk = new Desk(page, new Api({ csrf: page.csrf }), watchView(map));
  const view = showView(desk);
  if (view) setMapView(map, view);
  const following = new Following(desk, map);
  showReports(map, desk, following);
  runClock();
  setUpCounts(desk);
  new SeriousList(desk, following.shown);
  setUpAlarm(desk, following);
  const feed = follow(desk, { changed: () => {}, begins: () => {} });
  setUpFreshness(feed.status, page.urls.login);
  stayAwake(sayAwake);
  const touched = setUpScreen();
  setUpRenewal(page.wall.build, feed.status, () => {
    const isCalm = document.getElementById("alarm")?.hidden !== false;
    return isCalm && feed.status.value.kind === "live" && !following.isBusy && !touched();
  });
}

/** Filters and map of the desk's address; what is done is left out unless the address says so. */
function showView(desk: Desk): MapView | null {
  const query = new URLSearchParams(page.wall.query);
  const { filter, ownAreaOnly, map } = fromQuery(query);
  const { hiddenStatuses } = filter;
  const usual = query.has("hide_status")
    ? hiddenStatuses
    : new Set([...hiddenStatuses, "resolved"]);
  desk.filter.set({ ...filter, hiddenStatuses: usual });
  if (ownAreaOnly !== null) desk.ownAreaOnly.set(ownAreaOnly);
  return map;
}

/** Accepted is at a desk, by a named person; here it is shown. */
function setUpAlarm(desk: Desk, following: Following): void {
  if (!desk.mayEdit) return;
  const sound = new Sound(desk.memory);
  byId("wall-full").before(soundSwitch(sound));
  const hands = { after: page.review.alarm_after_s, counts: desk.urgentCounts, sound };
  mountAlarm(desk.urgent, { ...hands, open: (id) => following.look(id) });
}

function showReports(map: LeafletMap, desk: Desk, following: Following): void {
  const title = (report: Report) => `${what(report, desk.words)} – ${placeWords(report)}`;
  const marks = new ReportMarks(map, desk.words, { pick: (id) => following.look(id), title });
  desk.shown.watch((reports) => marks.show(reports, desk.newcomers.ids.value));
  following.shown.changed((id) => marks.select(id));
  showClusters(map, desk);
}

function runClock(): void {
  const show = () => {
    const now = serverNow();
    byId("clock").replaceChildren(
      el("span", { class: "wall-day" }, day(now)),
      el("span", { class: "wall-time" }, clockSeconds(now)),
    );
  };
  show();
  setInterval(show, 1_000);
}

function sayAwake(held: boolean): void {
  byId("wall-awake").textContent = held ? "" : t("This browser may let the screen sleep.");
}
