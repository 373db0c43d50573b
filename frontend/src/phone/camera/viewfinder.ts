/** What the camera's screen looks like, and which buttons it has. */

import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { PlaceLine, type PlaceWords } from "../place/place_line.ts";
import type { CameraState } from "./camera.ts";
import { picker } from "./picker.ts";

export interface Acts {
  shutter(): void;
  wake(): void;
  torch(on: boolean): void;
  cameraApp(files: readonly File[]): void;
  gallery(files: readonly File[]): void;
  withoutPhoto(): void;
  allClear(): void;
  /** Keeps what could not be kept before. */
  again(): void;
}

export class Viewfinder {
  readonly element: HTMLElement;
  readonly video = el("video", { playsinline: true, muted: true, "aria-hidden": "true" });
  private readonly acts: Acts;
  private readonly line = new PlaceLine();
  private readonly note = el("div", { class: "shoot__note", role: "status" });
  private readonly trouble = el("div", { class: "banner banner--error", role: "alert" });
  private readonly card = el("div", { class: "shoot__card" });
  private readonly drafts = el("a", {
    class: "shoot__drafts",
    href: "/m/outbox",
    "data-go": "outbox",
  });
  private readonly trigger: HTMLButtonElement;
  private readonly torch: HTMLButtonElement;
  private readonly app: HTMLInputElement;
  private readonly files: HTMLInputElement;
  private camera: CameraState = "off";
  private lit = false;

  /** `more`: for a report that is there already, so only pictures are asked for. */
  constructor(more: boolean, acts: Acts) {
    this.acts = acts;
    // a property: as an attribute it does not count for videos made by scripts
    this.video.muted = true;
    this.trigger = button("", () => this.press(), { class: "shutter" });
    this.trigger.append(el("span", { class: "unseen" }, say("Take a picture")));
    this.torch = button("", () => this.switchTorch(), { class: "shoot__torch", hidden: true });
    this.torch.append(icon("ui_torch"), el("span", { class: "unseen" }, say("Light")));
    this.trouble.hidden = true;
    this.app = picker({ capture: "environment" }, (files) => acts.cameraApp(files));
    this.files = picker({ multiple: true }, (files) => acts.gallery(files));
    this.element = el(
      "section",
      { class: "shoot fills" },
      el("h1", { class: "unseen" }, say("Shoot")),
      this.stage(),
      this.controls(more),
      this.app,
      this.files,
    );
  }

  showCard(card: HTMLElement): void {
    this.card.replaceChildren(card);
  }

  showPlace(words: PlaceWords): void {
    this.line.show(words);
  }

  showDrafts(n: number): void {
    this.drafts.hidden = n === 0;
    this.drafts.replaceChildren(icon("ui_draft"), el("span", {}, say("Drafts"), ` ${n}`));
  }

  showCamera(state: CameraState, hasTorch: boolean): void {
    this.camera = state;
    this.video.hidden = state !== "on";
    this.torch.hidden = state !== "on" || !hasTorch;
    this.lit = false;
    const words = NOTES[state];
    this.note.hidden = words === null;
    this.note.replaceChildren();
    if (words === null) return;
    const asleep = state === "asleep" || state === "off";
    this.note.replaceChildren(
      icon("ui_camera"),
      el("p", {}, words()),
      ...(asleep ? [wakeButton(this.acts)] : []),
    );
  }

  flash(): void {
    this.element.classList.add("shoot--flash");
    setTimeout(() => this.element.classList.remove("shoot--flash"), 150);
  }

  busy(busy: boolean): void {
    this.trigger.disabled = busy;
    this.trigger.setAttribute("aria-busy", String(busy));
    if (busy) this.trouble.hidden = true;
  }

  complain(words: Node, canTryAgain = false): void {
    const again = button(plain("Try again"), () => this.acts.again(), { class: "button" });
    this.trouble.replaceChildren(
      icon("ui_alert"),
      el("p", {}, words),
      ...(canTryAgain ? [again] : []),
    );
    this.trouble.hidden = false;
  }

  /** Without a camera in the page the same button opens the phone's own camera app. */
  private press(): void {
    if (this.camera === "on") this.acts.shutter();
    else if (this.camera === "asleep" || this.camera === "off") this.acts.wake();
    else if (this.camera !== "starting") this.app.click();
  }

  private switchTorch(): void {
    this.lit = !this.lit;
    this.torch.setAttribute("aria-pressed", String(this.lit));
    this.acts.torch(this.lit);
  }

  private stage(): HTMLElement {
    const stage = el("div", { class: "shoot__stage" }, this.video, this.note, this.torch);
    stage.append(el("div", { class: "shoot__over" }, this.line.element, this.trouble, this.card));
    stage.append(this.drafts);
    return stage;
  }

  private controls(more: boolean): HTMLElement {
    const older = aside("ui_pictures", say("Older pictures"), () => this.files.click());
    const none = aside(
      "ui_write",
      more ? say("No more pictures") : say("Report without a picture"),
      () => this.acts.withoutPhoto(),
    );
    const row = el("div", { class: "shoot__row" }, older, this.trigger, none);
    const clear = button("", () => this.acts.allClear(), { class: "button button--wide" });
    clear.append(icon("all_clear"), el("span", {}, say("Nothing wrong here")));
    return el("div", { class: "shoot__controls" }, row, ...(more ? [] : [clear]));
  }
}

const NOTES: Readonly<Record<CameraState, (() => Node) | null>> = {
  on: null,
  starting: () => say("The camera is starting…"),
  off: () => say("The camera is off."),
  asleep: () => say("The camera rests to save the battery."),
  refused: () =>
    say("The camera is not allowed here. The round button opens the phone's own camera."),
  missing: () =>
    say("There is no camera for this page. The round button opens the phone's own camera."),
  failed: () => say("The camera does not answer. The round button opens the phone's own camera."),
};

function wakeButton(acts: Acts): HTMLButtonElement {
  const made = button("", () => acts.wake(), { class: "button" });
  made.append(say("Camera on"));
  return made;
}

function aside(name: string, words: Node, act: () => void): HTMLButtonElement {
  const made = button("", act, { class: "shoot__aside" });
  made.append(icon(name), el("span", {}, words));
  return made;
}
