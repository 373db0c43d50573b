/** Asks how a report is released: text, place, photos, and what comes of it. */

import { t } from "../core/language.ts";
import { countsAsHome } from "../core/release.ts";
import type { PublicCopy, Report, ReportProperties } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import type { Desk } from "./desk.ts";
import { PublicPreview } from "./public_preview.ts";
import { ReleasePhotos } from "./release_photos.ts";
import { type PublicPlace, ReleasePlace } from "./release_place.ts";

export interface ReleaseEdit extends PublicPlace {
  readonly public_text: string;
  readonly private_home: boolean;
  readonly public_photos: readonly string[];
}

/** What was asked for, with the copies, so that a failed try can begin where it ended. */
export interface ReleaseDraft {
  readonly edit: ReleaseEdit;
  readonly copies: readonly PublicCopy[];
}

/** A notice, not a document; it also goes into an address, and some proxies allow 8 kB there. */
const MAX_TEXT = 500;

/** What shall be released, or null when cancelled. `draft`: a try that failed. */
export function askRelease(
  report: Report,
  desk: Desk,
  draft: ReleaseDraft | undefined,
): Promise<ReleaseDraft | null> {
  return new Promise((resolve) => new ReleaseDialog(report, desk, draft, resolve).show());
}

class ReleaseDialog {
  private readonly dialog: HTMLDialogElement;
  private readonly text: HTMLTextAreaElement;
  private readonly home: HTMLInputElement;
  private readonly place: ReleasePlace;
  private readonly photos: ReleasePhotos;
  private readonly preview: PublicPreview;
  private answer: ReleaseDraft | null = null;

  constructor(
    report: Report,
    desk: Desk,
    draft: ReleaseDraft | undefined,
    done: (answer: ReleaseDraft | null) => void,
  ) {
    const before = draft?.edit ?? storedEdit(report);
    const go = el("button", { type: "submit", class: "primary", id: "release-go" }, t("Release"));
    const ask = () => this.preview.ask(this.edit);
    this.text = textField(before.public_text);
    this.home = homeSwitch(before.private_home);
    this.place = new ReleasePlace(report, before, before.private_home, ask);
    const copies = draft?.copies ?? report.properties.public_photos ?? [];
    this.photos = new ReleasePhotos(report, copies, desk, ask);
    this.preview = new PublicPreview(report, desk, (shown) => {
      // nothing is released unseen: only what stands in the preview
      go.disabled = shown === null;
      if (shown) this.place.show(shown.geometry);
    });
    this.text.addEventListener("input", () => this.preview.askSoon(() => this.edit));
    this.home.addEventListener("change", () => {
      this.place.setHome(this.home.checked);
      ask();
    });
    this.dialog = this.make(report, go);
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      done(this.answer);
    });
  }

  show(): void {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.place.open();
    this.preview.ask(this.edit);
  }

  private get edit(): ReleaseEdit {
    return {
      public_text: this.text.value.trim(),
      private_home: this.home.checked,
      public_photos: this.photos.shown.map(({ id }) => id),
      ...this.place.value,
    };
  }

  private make(report: Report, go: HTMLButtonElement): HTMLDialogElement {
    const cancel = button(t("Cancel"), () => this.dialog.close());
    const form = el(
      "form",
      { method: "dialog", class: "release-form" },
      el("h2", { id: "release-title" }, t("Release to the public")),
      this.questions(report),
      this.seen(),
      el("p", { class: "buttons" }, go, cancel),
    );
    form.addEventListener("submit", () => {
      this.answer = { edit: this.edit, copies: this.photos.shown };
    });
    return el("dialog", { class: "ask release", "aria-labelledby": "release-title" }, form);
  }

  private seen(): HTMLElement {
    return el(
      "section",
      {},
      el("h3", {}, t("Photos")),
      this.photos.box,
      el("h3", {}, t("What the public will see")),
      this.preview.box,
    );
  }

  private questions({ properties }: Report): HTMLElement {
    const { comment } = properties;
    return el(
      "section",
      {},
      unverified(properties),
      el("label", { for: "public-text" }, t("Text for the public (may be empty)")),
      this.text,
      comment ? el("p", { class: "quiet" }, t("The reporter's words, which are not shown:")) : null,
      comment ? el("blockquote", { class: "quiet comment" }, comment) : null,
      el("label", { class: "switch" }, this.home, t("Private home: show only roughly")),
      el(
        "p",
        { class: "quiet" },
        t("Private homes are shown at the centre of a 500 m cell, and not to phones in the field."),
      ),
      this.place.box,
    );
  }
}

function unverified({ status }: ReportProperties): HTMLElement | null {
  if (status !== "received") return null;
  return el("p", { class: "doubtful" }, t("Nobody has verified this report yet."));
}

function storedEdit({ properties }: Report): ReleaseEdit {
  return {
    public_text: properties.public_text ?? "",
    private_home: countsAsHome(properties),
    public_place: properties.public_place ?? "",
    redacted_geometry: properties.redacted_geometry ?? null,
    public_photos: [],
  };
}

function textField(value: string): HTMLTextAreaElement {
  const field = el("textarea", { id: "public-text", rows: 3, maxlength: MAX_TEXT });
  field.value = value;
  return field;
}

function homeSwitch(checked: boolean): HTMLInputElement {
  return el("input", { id: "private-home", type: "checkbox", role: "switch", checked });
}
