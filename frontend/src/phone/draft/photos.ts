/** The pictures of the draft: small, removable; more from the camera or among older ones. */

import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import type { PhotoEntry, ReportEntry } from "../../outbox/entry.ts";
import { MOST_PHOTOS } from "../camera/capture.ts";
import { sure } from "../frame/ask.ts";
import type { Thumbs } from "../frame/thumbs.ts";
import { removePhoto } from "../reports.ts";
import type { State } from "../state.ts";
import type { Part } from "./part.ts";

export interface PhotoActs {
  camera(): void;
  /** Everything typed is kept before the picker opens. */
  older(): void;
}

export class PhotosPart implements Part {
  readonly element = el("div", { class: "shots" });
  private readonly state: State;
  private readonly thumbs: Thumbs;
  private readonly more: HTMLElement;
  private drawn = "";

  constructor(state: State, thumbs: Thumbs, acts: PhotoActs) {
    this.state = state;
    this.thumbs = thumbs;
    this.more = el(
      "li",
      { class: "shots__more" },
      add("ui_camera", say("Add a picture"), acts.camera),
      add("ui_pictures", say("Older pictures"), acts.older),
    );
  }

  update({ id, photos }: ReportEntry): void {
    const key = JSON.stringify(photos.map((photo) => [photo.id, photo.preview !== null]));
    if (key === this.drawn) return;
    this.drawn = key;
    const shown = photos.map((photo, at) => this.shot(id, photo, at + 1));
    this.more.hidden = photos.length >= MOST_PHOTOS;
    this.element.replaceChildren(el("ul", { class: "shots__list" }, ...shown, this.more));
  }

  private shot(id: string, photo: PhotoEntry, n: number): HTMLElement {
    const remove = button("", () => void this.remove(id, photo), { class: "shots__remove" });
    const words = el("span", { class: "unseen" }, say("Remove picture {n}", { n }));
    remove.append(icon("ui_close"), words);
    const frame = this.thumbs.frame(photo.id, plain("Picture {n}", { n }), "ui_camera");
    return el("li", {}, frame, remove);
  }

  private async remove(id: string, photo: PhotoEntry): Promise<void> {
    const question = say("Remove this picture? It is only on this phone.");
    if (await sure({ question, action: say("Remove"), danger: true })) {
      await removePhoto(this.state, id, photo.id);
    }
  }
}

function add(name: string, words: Node, act: () => void): HTMLButtonElement {
  const made = button("", act, { class: "shots__add" });
  made.append(icon(name), el("span", {}, words));
  return made;
}
