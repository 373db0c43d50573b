/** What the desk of a large incident asks the server for. */

import { boxText } from "../core/box_text.ts";
import { NO_FILTER } from "../core/filter.ts";
import { listQuery } from "../core/list_query.ts";
import type { Desk, Tab } from "./desk.ts";

/** Everything in the own area, whatever the filters. */
export function askedArea({ ownAreaOnly, page }: Desk): URLSearchParams {
  return everythingIn(ownAreaOnly.value ? page.area : []);
}

/** area: municipality codes, empty = all. */
export function everythingIn(area: readonly string[]): URLSearchParams {
  const all = { ...NO_FILTER, hiddenStatuses: new Set<string>() };
  return listQuery(all, area);
}

/** What one tab of the list holds. */
export function askedTab(desk: Desk, tab: Tab): URLSearchParams {
  const { query } = desk;
  const box = boxText(desk.view.value);
  if (tab === "inside") query.set("bbox", box);
  else if (tab === "outside") query.set("outside", box);
  else query.set("needs_place", "1");
  return query;
}
