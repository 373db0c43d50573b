/** A screen in a hall: turns its pages, stays awake, and says when it is out of date. */

import type { Freshness } from "../core/freshness.ts";
import { clockTime, useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import { followPublic } from "../public/follow.ts";
import { Listing } from "../public/listing.ts";
import { type PageData, readPageData } from "../public/page_data.ts";
import { publicApi } from "../public/public_api.ts";
import { learnWords, sayStatus } from "../public/words.ts";
import { stayAwake } from "./awake.ts";
import { Turner } from "./turner.ts";

/** "3 min ago" must not grow old on a quiet day (ms). */
const REREAD_EVERY_MS = 60_000;
/** A browser that runs for weeks is started afresh now and then, while the service answers (ms). */
const RELOAD_AFTER_MS = 6 * 3_600_000;

const page = readPageData();
if (page) open(page);

function open(page: PageData): void {
  const api = publicApi(page);
  useZone(page.time_zone);
  const turner = new Turner(byId("listing"), byId("signage-page"));
  turner.start();
  stayAwake();
  tick();
  setInterval(tick, 1_000);
  const listing = new Listing(page, byId("listing"), () => turner.refill());
  let loaded = false;
  const feed = followPublic(page, api, {
    changed: (items, gone) => {
      if (items.length + gone.length > 0) listing.again();
    },
    snapshot: () => {
      if (loaded) listing.again();
      loaded = true;
      return api.get<{ epoch: string; head: number }>(page.urls.state);
    },
  });
  sayStatus(feed.status, learnWords(page, api), sayFreshness);
  setInterval(() => listing.again(), REREAD_EVERY_MS);
  setInterval(() => {
    if (feed.status.value.kind === "live" && performance.now() > RELOAD_AFTER_MS) location.reload();
  }, REREAD_EVERY_MS);
}

function tick(): void {
  byId("signage-clock").textContent = clockTime(Date.now());
}

function sayFreshness(fresh: Freshness): void {
  const stale = fresh.kind === "stale" || fresh.kind === "refused";
  document.body.classList.toggle("signage--stale", stale);
  byId("signage-stale").hidden = !stale;
  const time = clockTime(fresh.kind === "stale" ? fresh.since : Date.now());
  if (stale) {
    const words = say("Out of date: nothing new has come since {time}.", { time });
    byId("signage-stale").replaceChildren(words);
  }
  byId("signage-age").replaceChildren(stale ? say("Stale since {time}", { time }) : say("Live"));
}
