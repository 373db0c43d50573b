/** Everything that narrows the desk down, put together: rail, chips, views, what is new to me. */

import type { LeafletMap } from "../map/leaflet.ts";
import type { Address } from "./address.ts";
import type { Desk } from "./desk.ts";
import { setUpFilterChips } from "./filter_chips.ts";
import { FilterNames } from "./filter_names.ts";
import { setUpFilters } from "./filters.ts";
import { setUpLookedLine } from "./looked_line.ts";
import { Looks } from "./looks.ts";
import { ViewsMenu } from "./views_menu.ts";

export function setUpNarrowing(desk: Desk, map: LeafletMap, address: Address): void {
  const names = new FilterNames(desk);
  setUpFilters(desk, map, names);
  setUpFilterChips(desk, names);
  new ViewsMenu(desk, address);
  setUpLookedLine(desk, new Looks(desk));
}
