/** Somebody looks through a photo before everybody may see it, and covers what nobody may. */

import { Problem } from "../core/api.ts";
import type { PhotoBox } from "../core/boxes.ts";
import { t } from "../core/language.ts";
import type { Photo, PublicCopy } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { BlurStage } from "./blur_stage.ts";
import type { Desk } from "./desk.ts";

/** The copy that may be shown from now on, or null when cancelled. */
export function lookThrough(
  photo: Photo,
  boxes: readonly PhotoBox[],
  alt: string,
  desk: Desk,
): Promise<PublicCopy | null> {
  return new Promise((resolve) => {
    const open = new BlurDialog(photo, boxes, alt, desk, resolve);
    open.show();
  });
}

class BlurDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly stage: BlurStage;
  private readonly go: HTMLButtonElement;
  private readonly remove: HTMLButtonElement;
  private readonly error = el("p", { class: "error", role: "alert", hidden: true });
  private readonly photo: Photo;
  private readonly desk: Desk;
  private made: PublicCopy | null = null;
  private loaded = false;

  constructor(
    photo: Photo,
    boxes: readonly PhotoBox[],
    alt: string,
    desk: Desk,
    done: (copy: PublicCopy | null) => void,
  ) {
    [this.photo, this.desk] = [photo, desk];
    this.go = button("", () => void this.use(), { class: "primary", id: "blur-go" });
    this.remove = button(t("Remove the box"), () => this.stage.remove(), { id: "blur-remove" });
    this.stage = new BlurStage(photo.display_url ?? "", alt, boxes, () => this.say());
    this.dialog = el(
      "dialog",
      { class: "ask blur", "aria-labelledby": "blur-title", "aria-describedby": "blur-how" },
      ...this.parts(),
    );
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      done(this.made);
    });
    // nobody has looked at what has not been drawn yet
    this.stage.image.decode().then(
      () => {
        this.loaded = true;
        this.say();
      },
      () => this.fail(t("The photo cannot be read just now.")),
    );
    this.say();
  }

  show(): void {
    document.body.append(this.dialog);
    this.dialog.showModal();
  }

  private parts(): HTMLElement[] {
    const add = button(t("Add a box (N)"), () => this.stage.add(), { id: "blur-add" });
    const cancel = button(t("Cancel"), () => this.dialog.close());
    const size = button(t("True size"), () => this.stage.box.classList.toggle("true-size"), {
      id: "blur-size",
    });
    return [
      el("h2", { id: "blur-title" }, t("Cover what nobody may see")),
      el(
        "p",
        { id: "blur-how" },
        t("Faces, number plates, names on doors, the inside of a home. What is covered is gone."),
      ),
      el("div", { class: "blur-scroll" }, this.stage.box),
      el(
        "p",
        { class: "quiet" },
        t("Draw with mouse or finger. Keys: N new, arrows move, Shift + arrows stretch, Delete."),
      ),
      this.error,
      el("p", { class: "buttons" }, this.go, add, this.remove, size, cancel),
    ];
  }

  private key(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== "n" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.stage.add();
  }

  private say(): void {
    // called while the stage is being made, too
    const n = this.stage?.boxes.length ?? 0;
    this.go.textContent = n === 0 ? t("Nothing to cover: use it") : t("Cover these and use it");
    this.go.disabled = !this.loaded;
    this.remove.disabled = n === 0;
  }

  private fail(words: string): void {
    this.error.textContent = words;
    this.error.hidden = false;
  }

  private async use(): Promise<void> {
    this.go.disabled = true;
    const url = this.desk.page.urls.public_photo.replace("{id}", this.photo.id);
    try {
      this.made = await this.desk.api.post<PublicCopy>(url, { boxes: this.stage.boxes });
      this.dialog.close();
    } catch (error) {
      const known = error instanceof Problem ? error.message : null;
      this.fail(known ?? t("Not saved: no connection. Nothing was changed."));
      this.say();
    }
  }
}
