/** The list of the page, read again when something changed, and put where the old one stands. */

import type { PageData } from "./page_data.ts";
import { readPart } from "./public_api.ts";

/** A ring is answered at once; further ones within this time together (ms). */
const AT_MOST_EVERY_MS = 700;
/** Not all phones in the same moment (ms). */
const SPREAD_MS = 200;

export class Listing {
  private readonly page: PageData;
  private readonly place: HTMLElement;
  private readonly shown: () => void;
  private wanted = false;
  private running = false;

  constructor(page: PageData, place: HTMLElement, shown: () => void = () => undefined) {
    this.page = page;
    this.place = place;
    this.shown = shown;
  }

  /** Reads the list again, soon; what is wanted while it is being read is read after it. */
  again(): void {
    this.wanted = true;
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.wanted) {
      this.wanted = false;
      await pause(SPREAD_MS * Math.random());
      try {
        this.put(await readPart(this.page, this.page.urls.list));
      } catch {
        // the old list stands, with its age beside it; it is read again with the next ring
        this.wanted = true;
        await pause(5_000);
      }
      await pause(AT_MOST_EVERY_MS - SPREAD_MS);
    }
    this.running = false;
  }

  private put(part: DocumentFragment): void {
    const href = focusedLink(this.place);
    this.place.replaceChildren(part);
    if (href) linkTo(this.place, href)?.focus({ preventScroll: true });
    this.shown();
  }
}

/** The address of the link in the list that has the focus: a reader must not lose their place. */
function focusedLink(place: HTMLElement): string | null {
  const focused = document.activeElement;
  return focused && place.contains(focused) ? focused.getAttribute("href") : null;
}

function linkTo(place: HTMLElement, href: string): HTMLElement | null {
  return [...place.querySelectorAll("a")].find((a) => a.getAttribute("href") === href) ?? null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
