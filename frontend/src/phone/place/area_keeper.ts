/** "Keep this area": how much it is, how far it is, and what is kept already. */

import { number } from "../../core/language.ts";
import { dayTime } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import type { Box } from "../../outbox/box.ts";
import {
  forgetArea,
  type KeptArea,
  keepArea,
  keptAreas,
  type Progress,
  TILE_BYTES,
} from "./area.ts";
import type { AroundMap } from "./map_bundle.ts";
import { planOfView, type TilePlan } from "./tile_range.ts";

const MEGABYTE = 1_000_000;
type View = ReturnType<AroundMap["view"]>;

export class AreaKeeper {
  readonly root = el("details", { class: "filters" });
  private readonly box: Box;
  private readonly view: () => View | null;
  private readonly said = el("div", { role: "status" });
  private readonly act = el("div", { class: "stack stack--close" });
  private readonly kept = el("ul", { class: "choices", "aria-label": plain("Kept areas") });
  private running: AbortController | null = null;

  constructor(box: Box, view: () => View | null) {
    this.box = box;
    this.view = view;
    const summary = el(
      "summary",
      { class: "button button--wide" },
      say("Keep the map of this area"),
    );
    const fields = el("div", { class: "filters__fields stack" }, this.said, this.act, this.kept);
    this.root.append(summary, fields);
    this.root.addEventListener("toggle", () => this.root.open && this.draw());
  }

  stop(): void {
    this.running?.abort();
  }

  moved(): void {
    if (this.root.open && !this.running) this.drawOffer();
  }

  private draw(): void {
    if (!this.running) this.drawOffer();
    void this.drawKept();
  }

  private drawOffer(): void {
    const view = this.view();
    const plan = view && planOfView(view.extent, view.zoom);
    if (!view || !plan || plan.tiles.length === 0) {
      const words = say("This view is too large to keep. Come closer.");
      this.act.replaceChildren(el("p", {}, words));
      return;
    }
    const values = {
      n: number(plan.tiles.length),
      size: megabytes(plan.tiles.length * TILE_BYTES),
    };
    const words = plain("What is in view, and closer: {n} pieces, about {size} MB", values);
    const keep = button(say("Keep it on this phone"), () => void this.keep(view, plan), {
      class: "button button--main",
    });
    this.act.replaceChildren(el("p", {}, withReadings(words)), keep);
  }

  private async keep(view: View, plan: TilePlan): Promise<void> {
    const running = new AbortController();
    this.running = running;
    this.said.replaceChildren();
    const told = this.drawProgress(plan.tiles.length);
    try {
      await keepArea(this.box, view.extent, plan, told, running.signal);
      this.tell("ok", say("The area is kept."));
    } catch {
      const words = running.signal.aborted
        ? say("Cancelled. Nothing was kept.")
        : say("The map could not be fetched. Try again with a better network.");
      this.tell("warn", words);
    }
    this.running = null;
    this.drawOffer();
    await this.drawKept();
  }

  private tell(tone: "ok" | "warn", words: Node): void {
    this.said.replaceChildren(el("p", { class: `banner banner--${tone}` }, words));
  }

  private drawProgress(all: number): (progress: Progress) => void {
    const words = el("p", { role: "status" });
    const bar = el("progress", { max: all, value: 0, "aria-label": plain("Keeping the map") });
    const cancel = button(say("Cancel"), () => this.running?.abort(), { class: "button" });
    this.act.replaceChildren(words, bar, cancel);
    return ({ done }) => {
      bar.value = done;
      words.textContent = `${number(done)} / ${number(all)}`;
    };
  }

  private async drawKept(): Promise<void> {
    const areas = await keptAreas(this.box);
    this.kept.replaceChildren(...areas.map((area) => this.line(area)));
  }

  private line(area: KeptArea): HTMLElement {
    const values = { time: dayTime(area.keptAt, Date.now()), size: megabytes(area.bytes) };
    const words = plain("Kept {time}, {size} MB", values);
    const forget = button(say("Delete"), () => void this.forget(area.id), {
      class: "button button--danger",
    });
    return el("li", { class: "row" }, el("span", {}, withReadings(words)), forget);
  }

  private async forget(id: string): Promise<void> {
    await forgetArea(this.box, id);
    await this.drawKept();
  }
}

function megabytes(bytes: number): string {
  return number(Math.max(0.1, bytes / MEGABYTE), 1);
}
