/** The numbers, read again when a report changed, and put where the old ones stand. */

import { Rereading } from "../core/rereading.ts";
import { keepingFocus } from "../dom/focused_link.ts";
import { fetchPart } from "../dom/page_part.ts";

/** A rush of reports must not make every screen count without a pause. */
const PAUSES = { every: 5_000, afterFailure: 10_000, spread: 500 };

export class Body {
  private readonly url: () => string;
  private readonly place: HTMLElement;
  private readonly rereading = new Rereading(() => this.read(), PAUSES);

  /** url: of the page with its query, as it is asked now. */
  constructor(url: () => string, place: HTMLElement) {
    this.url = url;
    this.place = place;
  }

  again(): void {
    this.rereading.again();
  }

  private async read(): Promise<void> {
    const part = await fetchPart(this.url());
    const open = [...this.place.querySelectorAll("details[open]")].map(({ id }) => id);
    keepingFocus(this.place, () => this.place.replaceChildren(...part));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  }
}
