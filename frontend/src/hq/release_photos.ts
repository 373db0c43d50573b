/** Which photos the public sees with a report: each one only after somebody has looked through it. */

import { t } from "../core/language.ts";
import type { Photo, PublicCopy, Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { lookThrough } from "./blur_dialog.ts";
import type { Desk } from "./desk.ts";
import { placeWords, what } from "./row.ts";

export class ReleasePhotos {
  readonly box = el("div", { class: "release-photos", id: "release-photos" });
  private readonly report: Report;
  private readonly desk: Desk;
  private readonly changed: () => void;
  private readonly copies: Map<string, PublicCopy>;

  constructor(report: Report, copies: readonly PublicCopy[], desk: Desk, changed: () => void) {
    [this.report, this.desk, this.changed] = [report, desk, changed];
    this.copies = new Map(copies.map((copy) => [copy.photo, copy]));
    this.draw();
  }

  /** In the order of the report's photos. */
  get shown(): PublicCopy[] {
    return this.photos.flatMap(({ id }) => this.copies.get(id) ?? []);
  }

  private get photos(): readonly Photo[] {
    return this.report.properties.photos ?? [];
  }

  private draw(): void {
    const rows = this.photos.map((photo, at) => this.row(photo, at + 1));
    const none = el("p", { class: "quiet" }, t("The report has no photo."));
    this.box.replaceChildren(...(rows.length > 0 ? rows : [none]));
  }

  private row(photo: Photo, n: number): HTMLElement {
    const copy = this.copies.get(photo.id);
    const src = copy?.thumb_url ?? photo.thumb_url;
    const alt = copy ? t("Photo {n} as shown", { n }) : t("Photo {n}, not shown", { n });
    return el(
      "figure",
      { class: copy ? "release-photo shown" : "release-photo", "data-photo": photo.id },
      src ? el("img", { src, alt }) : null,
      el(
        "figcaption",
        {},
        el("span", {}, copy ? t("Shown, looked through") : t("Not shown")),
        ...this.acts(photo, copy),
      ),
    );
  }

  private acts(photo: Photo, copy: PublicCopy | undefined): HTMLElement[] {
    if (photo.state !== "ready") return [el("span", { class: "quiet" }, t("Not ready yet"))];
    const look = button(copy ? t("Change the boxes…") : t("Look through and show…"), () => {
      void this.look(photo);
    });
    look.classList.add("photo-look");
    if (!copy) return [look];
    const hide = button(t("Do not show"), () => this.put(photo, null), { class: "photo-hide" });
    return [look, hide];
  }

  private async look(photo: Photo): Promise<void> {
    const alt = `${what(this.report, this.desk.words)} ${placeWords(this.report)}`;
    const boxes = this.copies.get(photo.id)?.boxes ?? [];
    const copy = await lookThrough(photo, boxes, alt, this.desk);
    if (copy) this.put(photo, copy);
    else this.focus(photo);
  }

  private put(photo: Photo, copy: PublicCopy | null): void {
    if (copy) this.copies.set(photo.id, copy);
    else this.copies.delete(photo.id);
    this.draw();
    this.focus(photo);
    this.changed();
  }

  private focus({ id }: Photo): void {
    this.box.querySelector<HTMLElement>(`[data-photo="${id}"] .photo-look`)?.focus();
  }
}
