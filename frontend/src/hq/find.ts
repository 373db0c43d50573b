/** Below the search box: coordinates, towns and published places that the words may mean. */

import { degreesText, type Located, readCoordinates } from "../core/coordinates.ts";
import { t } from "../core/language.ts";
import type { NearPlace } from "../core/near.ts";
import { button, byId, el } from "../dom/element.ts";
import type { FoundMark } from "../map/found.ts";
import type { Desk } from "./desk.ts";
import { inLanguage } from "./layer_words.ts";
import { nearItem } from "./near_item.ts";

/** Somebody is still typing (ms). */
const TYPING_MS = 200;
const MOST = 6;

interface Town {
  readonly name: string;
  readonly name_en: string | null;
  readonly municipality: string | null;
  readonly municipality_en: string | null;
  /** What the address leads to the middle of; null: found by its name. */
  readonly by_address: "town" | "municipality" | null;
  readonly lon: number;
  readonly lat: number;
}

interface Found {
  readonly items: readonly NearPlace[];
  readonly total: number;
  readonly towns: readonly Town[];
}

const NOTHING: Found = { items: [], total: 0, towns: [] };

/** An address leads no nearer than to its town. */
function sureness({ by_address: middle }: Town): string {
  if (middle === "town") return t("Middle of the town; the house is not known");
  return middle ? t("Middle of the municipality") : "";
}

export class Find {
  private readonly desk: Desk;
  private readonly mark: FoundMark;
  private readonly open: (layer: string, id: string) => void;
  private readonly field = byId("search") as HTMLInputElement;
  private readonly panel = byId("found");
  private typing: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(desk: Desk, mark: FoundMark, open: (layer: string, id: string) => void) {
    this.desk = desk;
    this.mark = mark;
    this.open = open;
    this.field.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => void this.look(), TYPING_MS);
    });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.panel.addEventListener("keydown", (event) => this.walk(event));
    document.addEventListener("click", (event) => {
      const inside = (event.target as HTMLElement).closest("#found, .bar .search");
      if (!inside) this.hide();
    });
  }

  private async look(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const words = this.field.value.trim();
    const located = readCoordinates(words);
    const found = words === "" || located ? NOTHING : await this.read(words);
    if (mine === this.asked) this.show(located, found);
  }

  private async read(words: string): Promise<Found> {
    try {
      const query = new URLSearchParams({ q: words, limit: String(MOST) });
      return await this.desk.api.get<Found>(`${this.desk.page.urls.places}?${query}`);
    } catch {
      // the reports are found without the service; places are not
      return NOTHING;
    }
  }

  private show(located: Located | null, { items, towns }: Found): void {
    const lines = [
      ...(located ? [this.coordinates(located)] : []),
      ...towns.map((town) => this.town(town)),
      ...items.map((place) =>
        nearItem(place, this.desk.words, () => this.choose(() => this.place(place))),
      ),
    ];
    this.panel.replaceChildren(el("ul", { class: "near-list" }, ...lines));
    this.panel.hidden = lines.length === 0;
  }

  private coordinates(located: Located): HTMLElement {
    const words = this.words(located);
    const more = located.box ? degreesText(located.at) : "";
    return this.line(words, more, () => this.mark.show(located, words));
  }

  private words({ at, box }: Located): string {
    const code = this.field.value.trim();
    return box
      ? t("Grid square {code}", { code })
      : t("Coordinates {place}", { place: degreesText(at) });
  }

  private town(town: Town): HTMLElement {
    const name = inLanguage({ name: town.name, name_en: town.name_en }) ?? town.name;
    const of = inLanguage({ name: town.municipality ?? "", name_en: town.municipality_en }) ?? "";
    const go = () => this.mark.show({ at: [town.lon, town.lat], box: null }, name);
    return this.line(name, [of, sureness(town)].filter(Boolean).join(" · "), go);
  }

  private line(words: string, more: string, go: () => void): HTMLElement {
    const name = button(words, () => this.choose(go), { class: "link near-name" });
    return el("li", { class: "near-item" }, el("div", {}, name, el("p", { class: "quiet" }, more)));
  }

  private place(place: NearPlace): void {
    this.mark.clear();
    this.open(place.layer, place.feature_id);
  }

  /** Words that name a place are no words of reports: the list shows all again. */
  private choose(go: () => void): void {
    this.hide();
    this.field.value = "";
    this.desk.filter.set({ ...this.desk.filter.value, words: "" });
    go();
    this.field.focus();
  }

  private hide(): void {
    this.asked += 1;
    this.panel.hidden = true;
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      this.hide();
      this.mark.clear();
    }
    const first = this.panel.querySelector<HTMLElement>("button");
    if (event.key === "ArrowDown" && !this.panel.hidden && first) first.focus();
    else if (event.key !== "Enter" || !this.goToCoordinates()) return;
    event.preventDefault();
  }

  /** Who types coordinates and Enter does not wait for a list of one. */
  private goToCoordinates(): boolean {
    const located = readCoordinates(this.field.value);
    if (!located) return false;
    clearTimeout(this.typing);
    const words = this.words(located);
    this.choose(() => this.mark.show(located, words));
    return true;
  }

  private walk(event: KeyboardEvent): void {
    const all = [...this.panel.querySelectorAll<HTMLElement>("button")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, HTMLElement | undefined> = {
      ArrowDown: all[at + 1],
      ArrowUp: all[at - 1] ?? this.field,
      Escape: this.field,
    };
    const next = steps[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") this.hide();
    next.focus();
  }
}
