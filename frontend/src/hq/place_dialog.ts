/** A place for a report that has none, or another one: by words, by a click, along a road. */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { change } from "./decide.ts";
import type { Desk } from "./desk.ts";
import { PlaceChooser } from "./place_chooser.ts";

export function choosePlace(map: LeafletMap, report: Report, desk: Desk): void {
  document.querySelector<HTMLDialogElement>("dialog.place-dialog")?.close();
  const set = el(
    "button",
    { type: "submit", class: "primary", id: "place-set" },
    t("Set this place"),
  );
  const where = new PlaceChooser("place", desk, map, () => {
    set.disabled = where.value.geometry === null;
  });
  set.disabled = true;
  const form = el(
    "form",
    {},
    el("h2", {}, t("Place of {receipt}", { receipt: report.properties.receipt })),
    where.box,
    el(
      "p",
      { class: "buttons" },
      set,
      button(t("Cancel"), () => dialog.close()),
    ),
  );
  const dialog = el(
    "dialog",
    { class: "enter place-dialog", "aria-label": t("Set the place") },
    form,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { geometry, accuracy_m, geometry_note } = where.value;
    dialog.close();
    // against the report as it was when the dialog opened: what came since is asked about
    void change(report, { geometry, accuracy_m, geometry_note }, desk);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    where.hideShape();
    dialog.remove();
    document.getElementById("place-on-map")?.focus();
  });
  document.querySelector(".stage")?.append(dialog);
  dialog.show();
  where.focus();
}
