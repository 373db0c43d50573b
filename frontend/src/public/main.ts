/** The public page: the list works without this; here it comes alive, with position and map. */

import type { Api } from "../core/api.ts";
import type { Feed } from "../core/feed.ts";
import type { Gone, Item } from "../core/frames.ts";
import type { Freshness } from "../core/freshness.ts";
import { clockTime, useZone } from "../core/times.ts";
import { byId } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import { setUpCopy } from "./copy.ts";
import { followPublic } from "./follow.ts";
import { Listing } from "./listing.ts";
import { MapPart } from "./map_part.ts";
import { setUpNear } from "./near.ts";
import { type PageData, readPageData } from "./page_data.ts";
import { publicApi } from "./public_api.ts";
import { learnWords, sayStatus } from "./words.ts";

setUpNear();
setUpCopy();
const page = readPageData();
if (page) open(page);

function open(page: PageData): void {
  const api = publicApi(page);
  useZone(page.time_zone);
  const words = learnWords(page, api);
  const map = document.getElementById("map-part") ? new MapPart(page, api) : null;
  void words.then(() => map?.say());
  const listing = document.getElementById("listing");
  if (!listing) return;
  const feed = follow(page, api, new Listing(page, listing), map);
  sayStatus(feed.status, words, sayFreshness);
}

function follow(page: PageData, api: Api, listing: Listing, map: MapPart | null): Feed {
  let loaded = false;
  const changed = (items: readonly Item[], gone: readonly Gone[]) => {
    if (items.length + gone.length > 0) listing.again();
    map?.changed(items, gone);
  };
  const snapshot = async () => {
    // after a break nobody knows what was missed; the page itself was made just now
    if (loaded) listing.again();
    loaded = true;
    const stand = await api.get<{ epoch: string; head: number }>(page.urls.state);
    map?.begin();
    return stand;
  };
  return followPublic(page, api, { changed, snapshot });
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
