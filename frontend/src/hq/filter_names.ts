/** Names of the organisations and municipalities that a filter has codes of. */

import type { Names } from "../core/filter_chips.ts";
import { language } from "../core/language.ts";
import { Observable } from "../core/observable.ts";
import { Rereading } from "../core/rereading.ts";
import type { Desk } from "./desk.ts";

export interface Municipality {
  readonly code: string;
  readonly name: string;
  readonly name_en: string;
  readonly prefecture: string;
  readonly prefecture_en: string;
  /** null where they were not counted. */
  readonly reports: number | null;
}

interface Found {
  readonly items: readonly Municipality[];
}

const PAUSES = { every: 0, afterFailure: 5_000 };

export class FilterNames implements Names {
  /** Rises when another name is known. */
  readonly known = new Observable(0);
  private readonly desk: Desk;
  private readonly towns = new Map<string, string>();
  private readonly asked = new Set<string>();
  /** Asked for and not answered yet. */
  private readonly waiting = new Set<string>();
  private readonly rereading = new Rereading(() => this.readWaiting(), PAUSES);

  constructor(desk: Desk) {
    this.desk = desk;
  }

  readonly organisation = (slug: string): string => {
    const found = this.desk.page.organisations.find((one) => one.slug === slug);
    return found ? nameOf(found) : slug;
  };

  /** The code until the name is known. */
  readonly municipality = (code: string): string => {
    const name = this.towns.get(code);
    if (name === undefined && !this.asked.has(code)) {
      this.asked.add(code);
      this.waiting.add(code);
      this.rereading.again();
    }
    return name ?? code;
  };

  /** Without words: those with the most reports. */
  find(words: string): Promise<readonly Municipality[]> {
    return this.read(words.trim() ? { q: words } : {});
  }

  private async readWaiting(): Promise<void> {
    const codes = [...this.waiting];
    if (codes.length === 0) return;
    await this.read({ codes: codes.join(",") });
    for (const code of codes) this.waiting.delete(code);
  }

  private async read(query: Record<string, string>): Promise<readonly Municipality[]> {
    const { api, page } = this.desk;
    const address = `${page.urls.municipalities}?${new URLSearchParams(query)}`;
    const { items } = await api.get<Found>(address);
    for (const one of items) this.towns.set(one.code, nameOf(one));
    if (items.length > 0) this.known.set(this.known.value + 1);
    return items;
  }
}

export function nameOf({ name, name_en }: { name: string; name_en: string }): string {
  return (language() === "en" && name_en) || name;
}
