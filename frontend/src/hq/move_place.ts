/** Putting a report's place right: drag its mark (or arrow keys), look, confirm. */

import type { Position } from "geojson";
import { markPosition } from "../core/geometry.ts";
import { t } from "../core/language.ts";
import { geodesicM } from "../core/measured.ts";
import type { Report } from "../core/report.ts";
import { pointPlace } from "../core/told_place.ts";
import { button, el } from "../dom/element.ts";
import { DragPlace } from "../map/drag_place.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { change } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { length } from "./place_lines.ts";
import { sureChoice } from "./sure_choice.ts";

let ends: (() => void) | null = null;

/** One at a time; a second one gives the first one up. */
export function movePlace(map: LeafletMap, report: Report, desk: Desk): void {
  const from = markPosition(report.geometry);
  if (!from) return;
  ends?.();
  let to: Position | null = null;
  let metres = report.geometry?.type === "Point" ? 0 : (report.properties.accuracy_m ?? 100);
  const words = el("p", { role: "status" }, t("Drag the mark, or move it with the arrow keys."));
  const set = button(t("Set the place here"), () => void save(), {
    class: "primary",
    id: "move-set",
    disabled: true,
  });
  const drag = new DragPlace(map, from, t("New place of the report"), (at) => {
    to = at;
    words.textContent = t("{distance} from the old place", {
      distance: length(geodesicM(from, at)),
    });
    set.disabled = false;
  });
  const sure = sureChoice("move-sure", metres, (chosen) => {
    metres = chosen;
  });
  const box = el(
    "aside",
    { id: "move", class: "measure", "aria-label": t("Move the place") },
    words,
    el("p", {}, el("label", {}, t("How sure"), " ", sure)),
    el(
      "p",
      { class: "buttons" },
      set,
      button(t("Cancel"), () => end(), { id: "move-cancel" }),
    ),
  );
  const key = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    // keys of the list or of a field are not meant for the mark
    if (!map.getContainer().contains(target) && !box.contains(target)) return;
    const onMark = !target.closest("button, select");
    if (event.key === "Escape") end();
    else if (event.key !== "Enter" || !onMark || !to) return;
    else void save();
    event.preventDefault();
    event.stopPropagation();
  };
  const end = () => {
    ends = null;
    drag.remove();
    box.remove();
    document.removeEventListener("keydown", key, true);
  };
  const save = async () => {
    if (!to) return;
    const place = pointPlace(to, metres, "");
    end();
    // against the place it had when the mark was taken: a colleague's move since is asked about
    await change(report, { geometry: place.geometry, accuracy_m: place.accuracy_m }, desk);
    document.getElementById("move-place")?.focus();
  };
  map.getContainer().parentElement?.append(box);
  document.addEventListener("keydown", key, true);
  ends = end;
}
