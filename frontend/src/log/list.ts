/** The list of the log, read again when a line is written, and put where the old one stands. */

import { Rereading } from "../core/rereading.ts";
import { keepingFocus } from "../dom/focused_link.ts";
import { fetchList } from "./part.ts";

const PAUSES = { every: 500, afterFailure: 5_000 };

export class LogList {
  private readonly url: string;
  private readonly place: HTMLElement;
  private readonly rereading = new Rereading(() => this.read(), PAUSES);

  constructor(url: string, place: HTMLElement) {
    this.url = url;
    this.place = place;
  }

  again(): void {
    this.rereading.again();
  }

  private async read(): Promise<void> {
    const part = await fetchList(this.url);
    const before = new Set(this.lines().map((line) => line.id));
    const across = this.place.querySelector(".sheet")?.scrollLeft ?? 0;
    keepingFocus(this.place, () => this.place.replaceChildren(...part));
    for (const line of this.lines()) {
      line.classList.toggle("is-new", before.size > 0 && !before.has(line.id));
    }
    this.place.querySelector(".sheet")?.scrollTo({ left: across });
  }

  private lines(): HTMLElement[] {
    return [...this.place.querySelectorAll<HTMLElement>(".log-line")];
  }
}
