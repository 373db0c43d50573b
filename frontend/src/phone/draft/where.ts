/** Where and when: what the phone knows, what an older picture says, and the map to put it right. */

import { distanceM } from "../../core/geometry.ts";
import { number } from "../../core/language.ts";
import { dayTime } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say } from "../../dom/say.ts";
import type { PhotoSays, ReportEntry } from "../../outbox/entry.ts";
import { isNow, takenTime } from "../camera/picture_time.ts";
import { PlaceLine, placeOf } from "../place/place_line.ts";
import { position } from "../place/position.ts";
import type { Keep, Part } from "./part.ts";

export class WherePart implements Part {
  readonly element: HTMLElement;
  private readonly line = new PlaceLine();
  private readonly when = el("p", { class: "soft" });
  private readonly offer = el("div", { class: "offer" });
  private readonly here = button("", () => this.sayHere(), { class: "button button--wide" });
  private readonly keep: Keep;

  constructor(keep: Keep, toMap: () => void) {
    this.keep = keep;
    const map = button("", toMap, { class: "button button--wide" });
    map.append(icon("ui_map"), say("Correct on the map"));
    this.here.append(icon("ui_locate"), say("It was taken where I am now"));
    this.element = el(
      "section",
      { class: "stack stack--close" },
      el("h2", {}, say("Where")),
      this.line.element,
      this.here,
      map,
      this.offer,
      this.when,
    );
  }

  update(entry: ReportEntry): void {
    const now = Date.now();
    this.line.show(placeOf(entry, now), isImproving(entry, now) ? say("Getting better…") : null);
    const { pin, device_fix } = entry.content;
    this.here.hidden = pin !== null || device_fix !== null || position.fix.value === null;
    this.tellTime(entry, now);
    this.tellPicture(entry, now);
  }

  /** A person's word, and so a pin; what the phone heard goes along beside it. */
  private sayHere(): void {
    const fix = position.fix.value;
    if (fix) this.keep({ pin: { lon: fix.lon, lat: fix.lat }, device_fix: fix });
  }

  private tellTime({ content, createdAt }: ReportEntry, now: number): void {
    const { captured_at } = content;
    this.when.hidden = captured_at !== null && isNow(captured_at, createdAt);
    if (captured_at !== null) {
      const time = dayTime(captured_at, now);
      this.when.replaceChildren(say("Time of the picture: {time}", { time }));
      return;
    }
    const justNow = () => this.keep({ captured_at: new Date(createdAt).toISOString() });
    const made = button("", justNow, { class: "button" });
    made.append(say("It was taken just now"));
    this.when.replaceChildren(say("When the picture was taken is not known."), " ", made);
  }

  private tellPicture(entry: ReportEntry, now: number): void {
    const says = entry.photos.map((photo) => photo.says).find((one) => one && offers(one, entry));
    this.offer.hidden = !says;
    this.offer.replaceChildren();
    if (!says) return;
    const use = button("", () => this.keep(whatItSays(says)), { class: "button button--wide" });
    use.append(icon("position_exif"), el("span", {}, useWords(says)));
    this.offer.replaceChildren(el("p", {}, ...saidWords(says, entry, now)), use);
  }
}

function isImproving(entry: ReportEntry, now: number): boolean {
  return entry.holdUntil > now && position.hopes && entry.content.pin === null;
}

/** Whether the picture says something that the report does not say yet. */
function offers(says: PhotoSays, { content }: ReportEntry): boolean {
  const time = takenTime(says.taken_at);
  const newTime = time !== null && time !== content.captured_at && !isSame(time, content);
  return newTime || (says.lon !== null && !isAt(says, content.pin));
}

function isSame(time: string, { captured_at }: ReportEntry["content"]): boolean {
  return captured_at !== null && isNow(time, Date.parse(captured_at));
}

function isAt(says: PhotoSays, pin: ReportEntry["content"]["pin"]): boolean {
  return pin !== null && pin.lon === says.lon && pin.lat === says.lat;
}

function whatItSays({ lon, lat, taken_at }: PhotoSays): Parameters<Keep>[0] {
  const captured_at = takenTime(taken_at);
  return {
    ...(captured_at !== null && { captured_at }),
    ...(lon !== null && lat !== null && { pin: { lon, lat } }),
  };
}

function useWords({ lon, taken_at }: PhotoSays): Node {
  if (lon === null) return say("Use the picture's time");
  return taken_at === null
    ? say("Use the picture's place")
    : say("Use the picture's place and time");
}

function saidWords(says: PhotoSays, { content }: ReportEntry, now: number): Node[] {
  const words: Node[] = [];
  const captured_at = takenTime(says.taken_at);
  if (captured_at !== null) {
    words.push(say("The picture was taken {time}.", { time: dayTime(captured_at, now) }), SPACE());
  }
  const { device_fix: fix } = content;
  if (says.lon === null || says.lat === null) return words;
  if (!fix) return [...words, say("It says where it was taken.")];
  const far = distanceM([says.lon, says.lat], [fix.lon, fix.lat]);
  const distance = far < 1000 ? `${number(Math.round(far))} m` : `${number(far / 1000, 1)} km`;
  return [...words, say("Its place is {distance} from this phone.", { distance })];
}

const SPACE = () => document.createTextNode(" ");
