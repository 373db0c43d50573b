/** What can be asked of the map, and said about it: the tools of places, put together. */

import type { Position } from "geojson";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { byId } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { goTo } from "../map/view.ts";
import type { Desk } from "./desk.ts";
import { EnterDialog } from "./enter.ts";
import { useKey } from "./keyboard.ts";
import { Measure } from "./measure.ts";
import { movePlace } from "./move_place.ts";
import { choosePlace } from "./place_dialog.ts";
import { PlaceMenu } from "./place_menu.ts";

export interface ToolHands {
  readonly nearest: (from: Position, title: string) => void;
  readonly open: (layer: string, id: string) => void;
}

export function setUpPlaceTools(desk: Desk, map: LeafletMap, hands: ToolHands) {
  const measure = new Measure(map);
  const enter = desk.mayEdit ? new EnterDialog(desk, map) : null;
  const menu = new PlaceMenu(desk, map, {
    ...hands,
    enter: (at) => enter?.open(at),
    measure: (from) => measure.start(from),
  });
  useKey({
    keys: ["m"],
    shown: "M",
    does: () => t("What is in the middle of the map"),
    act: () => menu.atCentre(),
  });
  if (enter) {
    useKey({
      keys: ["p"],
      shown: "P",
      does: () => t("Take down a report by phone"),
      act: () => enter.open(),
    });
    const start = byId("enter-start");
    start.prepend(icon("channel_phone"));
    start.addEventListener("click", () => enter.open());
  }
  byId("measure-start").addEventListener("click", () => measure.start());
}

/** What a report's detail asks of the map. */
export function placeHandlers(map: LeafletMap, desk: Desk) {
  return {
    showOnMap: ({ geometry }: Report) => void (geometry && goTo(map, geometry)),
    placeOnMap: (report: Report) => choosePlace(map, report, desk),
    movePlace: (report: Report) => movePlace(map, report, desk),
  };
}
