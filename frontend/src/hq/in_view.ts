/** The map of a large incident: single marks where few are in view, else tiles and what is newer. */

import { boxText } from "../core/box_text.ts";
import { type Box, boxesMeet, boxOf } from "../core/geometry.ts";
import { PacedReading } from "../core/pacing.ts";
import type { Report } from "../core/report.ts";
import { holds, uncovered } from "../core/uncovered.ts";
import type { Desk } from "./desk.ts";
import { keep, readPage } from "./pages.ts";

/** A page that is parsed without a pause that anybody notices. */
const PAGE_SIZE = 250;
/** Marks around the view, so that the map is not empty under a hand that drags it. */
const MARGIN = 0.25;

export class InView {
  readonly reading = new PacedReading((unwanted) => this.read(unwanted));
  private readonly desk: Desk;
  private readonly newer: () => readonly Report[];
  /** All that filters let through in this box is in the store. */
  private known: Box | null = null;
  private filters = "";

  /** newer: what is not in the tiles yet. */
  constructor(desk: Desk, newer: () => readonly Report[]) {
    this.desk = desk;
    this.newer = newer;
  }

  /** What is in the store may be of another time. */
  forget(): void {
    this.known = null;
  }

  /** The tally is of the view and the filters of now. */
  counted(): void {
    const { desk } = this;
    const filters = desk.query.toString();
    if (filters !== this.filters) this.known = null;
    this.filters = filters;
    if (desk.tally.value.split.inside > desk.page.live_reports) {
      this.reading.stop();
      this.known = null;
      desk.clustered.set(true);
    } else if (!holds(this.known, desk.view.value)) {
      this.reading.now();
    } else {
      this.known = desk.view.value;
      desk.clustered.set(false);
    }
    this.show();
  }

  show(): void {
    const { desk } = this;
    const shown = desk.clustered.value ? this.few() : this.all();
    desk.window.need(
      "map",
      shown.map((report) => report.id),
    );
    if (!same(shown, desk.shown.value)) desk.shown.set(shown);
  }

  private few(): readonly Report[] {
    const { report } = this.desk;
    const newer = this.newer().filter((one) => one.geometry !== null && this.desk.lets(one));
    return report?.geometry && !newer.includes(report) ? [...newer, report] : newer;
  }

  private all(): readonly Report[] {
    const { desk } = this;
    const [view, wide] = [desk.view.value, widened(desk.view.value)];
    const near = desk.store.all().flatMap((report) => {
      const box = boxOf(report.geometry);
      return box && boxesMeet(box, wide) && desk.lets(report) ? [{ report, box }] : [];
    });
    const few = near.length <= desk.page.live_reports;
    return near.filter(({ box }) => few || boxesMeet(box, view)).map(({ report }) => report);
  }

  private async read(unwanted: AbortSignal): Promise<void> {
    const { desk } = this;
    const view = desk.view.value;
    let left = 2 * desk.page.live_reports;
    for (const box of uncovered(view, this.known)) {
      const query = desk.query;
      query.set("bbox", boxText(box));
      for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
        const page = await readPage(desk, query, { cursor, limit: String(PAGE_SIZE) }, unwanted);
        if (unwanted.aborted) return;
        keep(desk, page.features);
        desk.window.need(
          "coming",
          page.features.map((report) => report.id),
        );
        cursor = page.cursor;
        left -= page.features.length;
        // somebody has sent many since they were counted: the next count brings the tiles
        if (left < 0) throw new Error("more than were counted");
      }
    }
    this.known = view;
    desk.clustered.set(false);
    this.show();
  }
}

function widened([west, south, east, north]: Box): Box {
  const [dx, dy] = [(east - west) * MARGIN, (north - south) * MARGIN];
  return [west - dx, south - dy, east + dx, north + dy];
}

function same(a: readonly Report[], b: readonly Report[]): boolean {
  return a.length === b.length && a.every((report, at) => report === b[at]);
}
