/** The photos of a report: as large as the panel allows, then as large as the screen. */

import { t } from "../core/language.ts";
import type { Photo } from "../core/report.ts";
import type { Vocabulary } from "../core/vocabulary.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";

/** The best copy there is: display, else the preview that came ahead, else the thumb. */
export function bestCopy(photo: Photo): string | null {
  return photo.display_url ?? photo.preview_url ?? photo.thumb_url ?? null;
}

export function photoFigure(photo: Photo, words: Vocabulary, alt: string): HTMLElement {
  const src = bestCopy(photo);
  const note = stateNote(photo, words);
  const shown = src ? zoomable(photo, src, alt) : missing(photo, words);
  return el("figure", { class: "photo", "data-photo": photo.id }, shown, note);
}

function zoomable(photo: Photo, src: string, alt: string): HTMLElement {
  const size = photo.width && photo.height ? { width: photo.width, height: photo.height } : {};
  const image = el("img", { src, alt, class: "photo-image", ...size });
  const open = button("", () => zoom(photo, src, alt), {
    class: "photo-open",
    title: t("Enlarge"),
  });
  open.append(image);
  return open;
}

export function photoId(image: HTMLImageElement): string {
  return image.closest<HTMLElement>("figure")?.dataset.photo ?? "";
}

/** Shows the copy that was there before until the better one can be drawn. */
export function keepUntilLoaded(image: HTMLImageElement, before: string): void {
  const { src } = image;
  image.src = before;
  const better = new Image();
  better.src = src;
  better.decode().then(
    () => {
      image.src = src;
    },
    () => undefined,
  );
}

function missing(photo: Photo, words: Vocabulary): HTMLElement {
  const name = icon(`photo_${photo.state}`) as unknown as HTMLElement;
  return el("div", { class: "photo-missing" }, name, words.label("photo_state", photo.state));
}

function stateNote(photo: Photo, words: Vocabulary): HTMLElement | null {
  if (photo.state === "ready" || photo.state === "awaited") return null;
  const said = photo.state === "preview" ? t("Preview; the full photo is on its way") : null;
  const label = said ?? words.label("photo_state", photo.state);
  return el("figcaption", {}, photo.reason ? `${label}: ${photo.reason}` : label);
}

/** Fits the screen first; a click or + shows true pixels where clicked. Esc closes. */
function zoom(photo: Photo, src: string, alt: string): void {
  const image = el("img", { src, alt, class: "zoom-image" });
  const stage = el("div", { class: "zoom-stage", tabindex: 0 }, image);
  const dialog = el("dialog", { class: "zoom", "aria-label": alt }, stage, controls(photo, image));
  image.addEventListener("click", (event) => grow(stage, image, event));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function controls(photo: Photo, image: HTMLElement): HTMLElement {
  const close = button(t("Close"), () => image.closest("dialog")?.close());
  const turn = button(t("True size"), () => image.classList.toggle("true-size"));
  const original = photo.original_url
    ? el("a", { href: photo.original_url, class: "button", download: true }, t("Download original"))
    : null;
  return el("div", { class: "zoom-controls" }, turn, original, close);
}

function grow(stage: HTMLElement, image: HTMLElement, event: MouseEvent): void {
  const box = image.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  image.classList.toggle("true-size");
  stage.scrollLeft = x * image.scrollWidth - stage.clientWidth / 2;
  stage.scrollTop = y * image.scrollHeight - stage.clientHeight / 2;
}
