/** A photo with boxes on it: drawn, moved and stretched by mouse, finger or keys. */

import { another, between, grown, moved, type PhotoBox, type Spot } from "../core/boxes.ts";
import { t } from "../core/language.ts";
import { el } from "../dom/element.ts";

/** Of the picture, for each press of an arrow. */
const STEP = 0.01;
const ARROWS: Readonly<Record<string, Spot>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

interface Hold {
  readonly from: Spot;
  /** What the box was when it was taken hold of; null while a new one is drawn. */
  readonly before: PhotoBox | null;
  readonly stretch: boolean;
  readonly at: number;
}

export class BlurStage {
  readonly box: HTMLElement;
  readonly image: HTMLImageElement;
  boxes: PhotoBox[];
  private readonly changed: () => void;
  private hold: Hold | null = null;
  /** The one that had the keyboard last: a button that is pressed takes it away. */
  private chosen = -1;

  constructor(src: string, alt: string, boxes: readonly PhotoBox[], changed: () => void) {
    this.image = el("img", { src, alt, draggable: "false" });
    this.boxes = [...boxes];
    this.changed = changed;
    this.box = el("div", { class: "blur-stage" }, this.image);
    this.box.addEventListener("pointerdown", (event) => this.begin(event));
    this.box.addEventListener("pointermove", (event) => this.drag(event));
    this.box.addEventListener("pointerup", () => this.end());
    this.box.addEventListener("pointercancel", () => this.end());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusin", () => this.choose(this.focused()));
    this.draw();
  }

  add(): void {
    this.boxes.push(another(this.boxes));
    this.draw(this.boxes.length - 1);
  }

  /** The chosen one, else the last. */
  remove(): void {
    const at = this.chosen < 0 ? this.boxes.length - 1 : this.chosen;
    this.boxes.splice(at, 1);
    this.chosen = Math.min(at, this.boxes.length - 1);
    this.draw(this.chosen);
  }

  private choose(at: number): void {
    this.chosen = at;
    for (const [other, box] of this.drawn().entries()) {
      box.classList.toggle("is-chosen", other === at);
    }
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const target = event.target as HTMLElement;
    const at = this.drawn().findIndex((box) => box.contains(target));
    const before = this.boxes[at] ?? null;
    const stretch = target.classList.contains("blur-handle");
    this.hold = { from: this.spot(event), before, stretch, at };
    this.box.setPointerCapture(event.pointerId);
    if (before) this.drawn()[at]?.focus();
  }

  private drag(event: PointerEvent): void {
    if (!this.hold) return;
    const { from, before, stretch, at } = this.hold;
    const now = this.spot(event);
    if (!before) {
      this.stretchNew(this.hold, now);
      return;
    }
    const [right, down] = [now[0] - from[0], now[1] - from[1]];
    this.boxes[at] = stretch ? grown(before, right, down) : moved(before, right, down);
    this.draw(at);
  }

  private stretchNew(hold: Hold, now: Spot): void {
    const made = between(hold.from, now);
    if (!made) return;
    const at = hold.at < 0 ? this.boxes.length : hold.at;
    this.hold = { ...hold, at };
    this.boxes[at] = made;
    this.draw(at);
  }

  private end(): void {
    this.hold = null;
  }

  private key(event: KeyboardEvent): void {
    const at = this.focused();
    const box = this.boxes[at];
    const arrow = ARROWS[event.key];
    if (!box) return;
    const removed = event.key === "Delete" || event.key === "Backspace";
    if (!arrow && !removed) return;
    event.preventDefault();
    if (removed) this.remove();
    if (!arrow) return;
    this.boxes[at] = (event.shiftKey ? grown : moved)(box, ...arrow);
    this.draw(at);
  }

  private spot(event: PointerEvent): Spot {
    const { left, top, width, height } = this.image.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  private drawn(): HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>(".blur-box")];
  }

  private focused(): number {
    return this.drawn().indexOf(document.activeElement as HTMLElement);
  }

  private draw(focus = -1): void {
    for (const old of this.drawn().slice(this.boxes.length)) old.remove();
    for (const [at, box] of this.boxes.entries())
      this.place(this.drawn()[at] ?? this.make(), box, at);
    if (focus >= 0) this.choose(focus);
    if (focus >= 0) this.drawn()[focus]?.focus();
    this.changed();
  }

  private make(): HTMLElement {
    const made = el(
      "button",
      { type: "button", class: "blur-box" },
      el("span", { class: "blur-handle" }),
    );
    this.box.append(made);
    return made;
  }

  private place(made: HTMLElement, box: PhotoBox, at: number): void {
    const [left, top, width, height] = box.map((share) => `${(share * 100).toFixed(2)}%`);
    Object.assign(made.style, { left, top, width, height });
    const [x, y] = [Math.round(box[0] * 100), Math.round(box[1] * 100)];
    const said = t("Box {n}: {x} percent from the left, {y} percent from the top", {
      n: at + 1,
      x,
      y,
    });
    made.setAttribute("aria-label", said);
  }
}
