/** The list of the log, read again when a line is written, and put where the old one stands. */

import { fetchList } from "./part.ts";

/** Rings within this time are answered together (ms). */
const AT_MOST_EVERY_MS = 500;
const AGAIN_MS = 5_000;

export class LogList {
  private readonly url: string;
  private readonly place: HTMLElement;
  private wanted = false;
  private running = false;

  constructor(url: string, place: HTMLElement) {
    this.url = url;
    this.place = place;
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
      try {
        this.put(await fetchList(this.url));
        await pause(AT_MOST_EVERY_MS);
      } catch {
        // the old list stands, with its age above it
        this.wanted = true;
        await pause(AGAIN_MS);
      }
    }
    this.running = false;
  }

  private put(part: readonly Node[]): void {
    const before = new Set(this.lines().map((line) => line.id));
    const focused = document.activeElement;
    const href = this.place.contains(focused) ? focused?.getAttribute("href") : null;
    const across = this.place.querySelector(".sheet")?.scrollLeft ?? 0;
    this.place.replaceChildren(...part);
    for (const line of this.lines()) {
      line.classList.toggle("is-new", before.size > 0 && !before.has(line.id));
    }
    this.place.querySelector(".sheet")?.scrollTo({ left: across });
    if (href) this.link(href)?.focus({ preventScroll: true });
  }

  private lines(): HTMLElement[] {
    return [...this.place.querySelectorAll<HTMLElement>(".log-line")];
  }

  private link(href: string): HTMLElement | undefined {
    return [...this.place.querySelectorAll("a")].find((a) => a.getAttribute("href") === href);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
