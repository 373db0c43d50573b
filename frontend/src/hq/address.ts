/** The desk's address follows what is shown, and what is shown follows the address at the start. */

import { type DeskView, fromQuery, NAMES, toQuery } from "../core/desk_query.ts";
import { DEVICE, type Filter } from "../core/filter.ts";
import { byId } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { mapView, setMapView } from "../map/view.ts";
import type { Desk } from "./desk.ts";

/** A map that is being dragged changes often; browsers refuse more than some 100 changes in 30 s. */
const REST_MS = 400;

export class Address {
  private readonly desk: Desk;
  private readonly map: LeafletMap;
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: Desk, map: LeafletMap) {
    this.desk = desk;
    this.map = map;
    this.show(new URLSearchParams(location.search));
    const follow = () => this.follow();
    desk.filter.changed(follow);
    desk.order.changed(follow);
    desk.ownAreaOnly.changed(follow);
    desk.selected.changed(follow);
    desk.view.changed(follow);
  }

  /** What is shown now, as the text after "?". */
  get query(): string {
    return toQuery(this.view).toString();
  }

  /** Shows a view: of the address, or a kept one. */
  show(query: URLSearchParams): void {
    const { desk } = this;
    const { filter, order, ownAreaOnly, map, report } = fromQuery(query);
    desk.filter.set(known(filter, desk));
    desk.order.set(order);
    if (ownAreaOnly !== null) desk.ownAreaOnly.set(ownAreaOnly);
    if (map) setMapView(this.map, map);
    (byId("order") as HTMLSelectElement).value = order;
    if (report) desk.open(report);
  }

  private get view(): DeskView {
    const { desk } = this;
    return {
      filter: desk.filter.value,
      order: desk.order.value,
      ownAreaOnly: desk.page.area.length > 0 ? desk.ownAreaOnly.value : null,
      map: mapView(this.map),
      report: desk.selected.value,
    };
  }

  private follow(): void {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.write(), REST_MS);
  }

  private write(): void {
    const query = new URLSearchParams(location.search);
    for (const name of NAMES) query.delete(name);
    for (const [name, value] of toQuery(this.view)) query.set(name, value);
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
  }
}

/** The server refuses what it does not know; an old address must open all the same. */
function known(filter: Filter, { words, page }: Desk): Filter {
  const only = (set: ReadonlySet<string>, isKnown: (one: string) => boolean) =>
    new Set([...set].filter(isKnown));
  const term = (kind: string) => (code: string) => words.term(kind, code) !== null;
  const slugs = new Set(page.organisations.map(({ slug }) => slug));
  return {
    ...filter,
    hiddenCategories: only(filter.hiddenCategories, term("category")),
    hiddenSeverities: only(filter.hiddenSeverities, term("severity")),
    hiddenStatuses: only(filter.hiddenStatuses, term("status")),
    organisations: only(filter.organisations, (slug) => slugs.has(slug)),
    channels: only(filter.channels, (code) => code === DEVICE || term("channel")(code)),
  };
}
