/** The desk at the head of the live feed. */

import { Feed } from "../core/feed.ts";
import type { Gone, Item } from "../core/frames.ts";
import { asItem } from "../core/report.ts";
import { browserHost, checkAudience, listenToBrowser } from "./browser_host.ts";
import type { Desk } from "./desk.ts";
import { Large } from "./large.ts";
import { type Position, readPage } from "./pages.ts";

/** One request's worth of reports; the server may give less, never more. */
const PAGE_SIZE = "2000";

export interface Others {
  /** Changes of anything but reports. */
  readonly changed: (changes: readonly (Item | Gone)[]) => void;
  /** The feed begins (again) here: what else is shown must be read after this. */
  readonly begins: () => void;
}

export function follow(desk: Desk, others: Others): Feed {
  const large = new Large(desk);
  const feed = new Feed(browserHost(desk.page.urls, desk.api), {
    audience: desk.page.audience,
    apply: (items, gone) => {
      const { added, removed } = desk.store.apply(items, gone);
      desk.newcomers.arrived(desk.large.value ? large.arrived(added) : added);
      desk.newcomers.gone(removed);
      large.told([...items, ...gone]);
      others.changed([...items, ...gone].filter((change) => change.kind !== "report"));
    },
    snapshot: () => begin(desk, large, others),
  });
  listenToBrowser(feed);
  void feed.start();
  return feed;
}

/** Where the feed begins: with all reports, or with a window on them where they are too many. */
async function begin(desk: Desk, large: Large, others: Others): Promise<Position> {
  const { urls, audience, live_reports } = desk.page;
  const isFirst = desk.feedAt.value === 0;
  // counting 200,000 takes a second, in which the page can show them; and whose they are the feed
  // says before it goes on
  if (!(isFirst && desk.page.large)) {
    const state = await checkAudience(urls.state, audience, desk.api);
    if (state.counts.total <= live_reports) return loadSnapshot(desk, others);
  }
  const position = await large.begin();
  others.begins();
  return position;
}

/** All reports page by page; the first page's head is the cursor, what comes later repeats. */
async function loadSnapshot(desk: Desk, others: Others): Promise<Position> {
  const read = (cursor: string | null) =>
    readPage(desk, new URLSearchParams(), { limit: PAGE_SIZE, cursor });
  const first = await read(null);
  others.begins();
  const features = [...first.features];
  for (let next = first.cursor; next; ) {
    const page = await read(next);
    features.push(...page.features);
    next = page.cursor;
  }
  desk.large.set(false);
  const change = desk.store.replace(features.map(asItem));
  desk.newcomers.open(desk.store.all());
  desk.newcomers.gone(change.removed);
  desk.begun.set(true);
  return { epoch: first.epoch, head: first.head };
}
