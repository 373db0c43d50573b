/** Looking for published places by name and address, in all layers, drawn or not. */

import { Problem } from "../core/api.ts";
import { ngettext, number, t } from "../core/language.ts";
import type { NearPlace } from "../core/near.ts";
import { byId } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { nearItem } from "./near_item.ts";

/** Somebody is still typing (ms). */
const TYPING_MS = 200;
const MOST = 20;

interface Found {
  readonly items: readonly NearPlace[];
  readonly total: number;
}

export function setUpLayerSearch(desk: Desk, open: (layer: string, id: string) => void): void {
  const field = byId("layer-search") as HTMLInputElement;
  const [list, note] = [byId("layer-found"), byId("layer-found-note")];
  let typing: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function look(): Promise<void> {
    asked += 1;
    const mine = asked;
    const words = field.value.trim();
    if (words === "") return clear();
    try {
      const query = new URLSearchParams({ q: words, limit: String(MOST) });
      const found = await desk.api.get<Found>(`${desk.page.urls.places}?${query}`);
      if (mine === asked) show(found);
    } catch (error) {
      if (mine !== asked) return;
      note.textContent =
        error instanceof Problem ? error.message : t("This cannot be looked up just now.");
    }
  }

  function show({ items, total }: Found): void {
    list.replaceChildren(
      ...items.map((place) =>
        nearItem(place, desk.words, () => open(place.layer, place.feature_id)),
      ),
    );
    const shown = number(items.length);
    note.textContent =
      total > items.length
        ? t("{shown} of {total} places", { shown, total: number(total) })
        : ngettext("{n} place", "{n} places", total);
    document.body.classList.add("finds-places");
  }

  function clear(): void {
    list.replaceChildren();
    note.textContent = "";
    document.body.classList.remove("finds-places");
  }

  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => void look(), TYPING_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    field.value = "";
    asked += 1;
    clear();
    event.stopPropagation();
  });
}
