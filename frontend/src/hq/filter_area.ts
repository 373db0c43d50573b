/** Where: drawn on the map, a municipality by its name, or the grid square in the map's middle. */

import { ngettext, t } from "../core/language.ts";
import { placeQuery } from "../core/list_query.ts";
import { meshCode } from "../core/mesh.ts";
import { button, el } from "../dom/element.ts";
import { drawArea } from "../map/draw_area.ts";
import { FilterAreas } from "../map/filter_areas.ts";
import type { LeafletMap } from "../map/leaflet.ts";
import { isDrawing } from "../map/one_drawing.ts";
import { mapView } from "../map/view.ts";
import type { Desk } from "./desk.ts";
import { type FilterNames, type Municipality, nameOf } from "./filter_names.ts";
import { choice, labelled, narrow, part } from "./filters.ts";

/** Somebody is still typing (ms). */
const TYPING_MS = 200;

export function areaPart(desk: Desk, map: LeafletMap, names: FilterNames): HTMLElement {
  const areas = new FilterAreas(map);
  desk.filter.watch((filter) => areas.show(filter));
  return part(t("Where"), drawn(desk, map), square(desk, map), new Towns(desk, names).box);
}

function drawn(desk: Desk, map: LeafletMap): HTMLElement {
  const start = async () => {
    const within = await drawArea(map);
    if (within) narrow(desk, { within });
    // ended by another drawing, which has the keys now
    if (!isDrawing()) press.focus();
  };
  const press = button(t("Draw on the map…"), () => void start(), { id: "narrow-draw" });
  return el("p", {}, press, broadcastLink(desk));
}

/** To whoever is in the drawn area, something can be told. */
function broadcastLink(desk: Desk): HTMLElement | null {
  const { broadcasts } = desk.page.urls;
  if (!broadcasts) return null;
  const link = el("a", { id: "broadcast-here" }, t("Broadcast to this area…"));
  desk.filter.watch((filter) => {
    const within = placeQuery(filter).get("within");
    link.hidden = within === null;
    link.href = `${broadcasts}?${new URLSearchParams({ within: within ?? "" })}`;
  });
  return link;
}

/** Digits of the code by the square's side. */
function square(desk: Desk, map: LeafletMap): HTMLElement {
  const sizes = choice([
    ["6", "10 km"],
    ["8", "1 km"],
    ["9", "500 m"],
    ["10", "250 m"],
  ]);
  sizes.value = "8";
  sizes.setAttribute("aria-label", t("Side of the square"));
  const take = () => {
    const { lon, lat } = mapView(map);
    const code = meshCode(lon, lat, Number(sizes.value));
    if (code) narrow(desk, { mesh: new Set([...desk.filter.value.mesh, code]) });
  };
  const press = button(t("Square in the middle"), take, { id: "narrow-square" });
  return el("p", { class: "narrow-square" }, press, sizes);
}

class Towns {
  readonly box: HTMLElement;
  private readonly desk: Desk;
  private readonly names: FilterNames;
  private readonly field = el("input", { id: "narrow-town", type: "search", autocomplete: "off", maxlength: 60 }); // biome-ignore format: one field
  private readonly list = el("ul", { class: "narrow-towns", "aria-label": t("Municipalities") });
  private readonly none = el("p", { class: "quiet", role: "status" });
  private typing: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(desk: Desk, names: FilterNames) {
    this.desk = desk;
    this.names = names;
    this.box = el("div", {}, labelled(t("Municipality"), this.field), this.list, this.none);
    this.field.addEventListener("focus", () => void this.look());
    this.field.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => void this.look(), TYPING_MS);
    });
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  private async look(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const found = await this.names.find(this.field.value).catch(() => null);
    if (mine !== this.asked) return;
    this.list.replaceChildren(...(found ?? []).map((one) => this.line(one)));
    this.none.textContent = this.whyNone(found);
  }

  private whyNone(found: readonly Municipality[] | null): string {
    if (found === null) return t("The municipalities cannot be read just now.");
    const nothing = found.length === 0 && this.field.value.trim() !== "";
    return nothing ? t("No municipality is called so.") : "";
  }

  private line(one: Municipality): HTMLElement {
    const of = nameOf({ name: one.prefecture, name_en: one.prefecture_en });
    const count = one.reports === null ? "" : ngettext("{n} report", "{n} reports", one.reports);
    const name = button(nameOf(one), () => this.take(one.code), { class: "link" });
    return el("li", {}, name, " ", el("span", { class: "quiet" }, [of, count].join(" ")));
  }

  private take(code: string): void {
    narrow(this.desk, { area: new Set([...this.desk.filter.value.area, code]) });
    this.field.value = "";
    this.clear();
    this.field.focus();
    // focus looks again; what was chosen is over
    this.asked += 1;
  }

  private clear(): void {
    this.asked += 1;
    this.list.replaceChildren();
    this.none.textContent = "";
  }

  private key(event: KeyboardEvent): void {
    const first = this.list.querySelector<HTMLElement>("button");
    if (event.key === "Escape") this.clear();
    else if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && first && !event.isComposing) first.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
