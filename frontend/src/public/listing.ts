/** The list of the page, read again when something changed, and put where the old one stands. */

import { Rereading } from "../core/rereading.ts";
import { keepingFocus } from "../dom/focused_link.ts";
import type { PageData } from "./page_data.ts";
import { readPart } from "./public_api.ts";

const PAUSES = { every: 500, afterFailure: 5_000, spread: 200 };

export class Listing {
  private readonly page: PageData;
  private readonly place: HTMLElement;
  private readonly shown: () => void;
  private readonly rereading = new Rereading(() => this.read(), PAUSES);

  constructor(page: PageData, place: HTMLElement, shown: () => void = () => undefined) {
    this.page = page;
    this.place = place;
    this.shown = shown;
  }

  again(): void {
    this.rereading.again();
  }

  private async read(): Promise<void> {
    const part = await readPart(this.page, this.page.urls.list);
    keepingFocus(this.place, () => this.place.replaceChildren(part));
    this.shown();
  }
}
