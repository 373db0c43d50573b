/** How sure a position is, in a mark, a colour and words. */

import { number } from "../../core/language.ts";
import { dayTime } from "../../core/times.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say } from "../../dom/say.ts";
import type { Fix, ReportEntry } from "../../outbox/entry.ts";
import { type FixQuality, qualityOf } from "./fix.ts";
import type { Heard } from "./position.ts";

export interface PlaceWords {
  /** good, fair, coarse, stale, none; pin: a person has put it on the map. */
  readonly quality: FixQuality | "pin" | "waiting";
  readonly words: Node;
}

const ICONS: Readonly<Record<PlaceWords["quality"], string>> = {
  good: "position_device",
  fair: "position_device",
  coarse: "doubt_coarse",
  stale: "doubt_stale_fix",
  none: "position_none",
  pin: "position_pin",
  waiting: "ui_locate",
};

/** For the camera: what the phone hears now. */
export function placeNow(heard: Heard, fix: Fix | null, now: number): PlaceWords {
  if (heard.kind === "denied") {
    const words = say("Position is not allowed. Reports go all the same; the map can tell where.");
    return { quality: "none", words };
  }
  if (fix) return fixWords(fix, now, now);
  if (heard.kind === "failing") {
    const words = say("No position right now. Reports go all the same; the map can tell where.");
    return { quality: "none", words };
  }
  return { quality: "waiting", words: say("Looking for your position…") };
}

/** For a report: what it says of itself. */
export function placeOf({ content }: ReportEntry, now: number): PlaceWords {
  const { pin, device_fix, captured_at } = content;
  if (pin) return { quality: "pin", words: say("The place is set by hand.") };
  if (!device_fix) {
    return { quality: "none", words: say("No place yet. It can also be added after sending.") };
  }
  return fixWords(device_fix, Date.parse(captured_at ?? ""), now);
}

function fixWords(fix: Fix, at: number, now: number): PlaceWords {
  const quality = qualityOf(fix, at);
  const metres = fix.accuracy_m === null ? "?" : number(Math.ceil(fix.accuracy_m));
  if (quality === "none") return { quality, words: say("No position right now.") };
  if (quality === "stale") {
    const time = dayTime(fix.fixed_at, now);
    return { quality, words: say("Old position, from {time}: ±{metres} m", { time, metres }) };
  }
  if (quality === "coarse") {
    return { quality, words: say("Only a rough position: ±{metres} m", { metres }) };
  }
  return { quality, words: say("Position found: ±{metres} m", { metres }) };
}

/** Draws the line anew only where it says something else. */
export class PlaceLine {
  readonly element = el("p", { class: "place-line" });
  private readonly words = el("span");
  private said = "";

  show({ quality, words }: PlaceWords, more: Node | null = null): void {
    this.words.replaceChildren(words, ...(more ? [" ", more] : []));
    const text = `${quality} ${this.words.textContent}`;
    if (text === this.said) return;
    this.said = text;
    this.element.className = `place-line place-line--${quality}`;
    this.element.replaceChildren(icon(ICONS[quality]), this.words);
  }
}
