/** Lays the list out in screens that fit, and shows one after the other. */

/** Time to read a screen from three metres (ms). */
export const TURN_MS = 12_000;

type Screen = { readonly section: HTMLElement; readonly items: readonly HTMLElement[] };

export class Turner {
  private readonly place: HTMLElement;
  private readonly counter: HTMLElement;
  private screens: Screen[] = [];
  private at = 0;

  constructor(place: HTMLElement, counter: HTMLElement) {
    this.place = place;
    this.counter = counter;
  }

  start(): void {
    this.place.classList.add("turning");
    this.refill();
    setInterval(() => this.show(this.at + 1), TURN_MS);
    addEventListener("resize", () => this.refill());
    // letters of another font take another place
    void document.fonts.ready.then(() => this.refill());
  }

  /** After the list has changed: the same screen again, as far as there still is one. */
  refill(): void {
    const sections = [...this.place.querySelectorAll<HTMLElement>(".sheet-kind")];
    this.screens = sections.flatMap((section) => this.divide(section, sections));
    this.show(this.at);
  }

  private divide(section: HTMLElement, all: readonly HTMLElement[]): Screen[] {
    for (const other of all) other.hidden = other !== section;
    const items = [...section.querySelectorAll<HTMLElement>("li")];
    const screens: Screen[] = [];
    for (let rest = items; rest.length > 0; ) {
      const fitting = this.fitting(items, rest);
      screens.push({ section, items: rest.slice(0, fitting) });
      rest = rest.slice(fitting);
    }
    return screens.length > 0 ? screens : [{ section, items: [] }];
  }

  /** How many of the rest fit the height; one always does. */
  private fitting(items: readonly HTMLElement[], rest: readonly HTMLElement[]): number {
    for (const item of items) item.hidden = true;
    for (const [number, item] of rest.entries()) {
      item.hidden = false;
      if (number > 0 && this.place.scrollHeight > this.place.clientHeight) return number;
    }
    return rest.length;
  }

  private show(number: number): void {
    this.at = this.screens.length > 0 ? number % this.screens.length : 0;
    const shown = this.screens[this.at];
    for (const section of this.place.querySelectorAll<HTMLElement>(".sheet-kind"))
      section.hidden = section !== shown?.section;
    for (const item of this.place.querySelectorAll<HTMLElement>("li"))
      item.hidden = shown?.section.contains(item) === true && !shown.items.includes(item);
    this.counter.textContent = `${this.at + 1} / ${this.screens.length}`;
  }
}
