/** Pictures of the phone's own box as images; their addresses are let go with the screen. */

import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import type { Box } from "../../outbox/box.ts";

export class Thumbs {
  private readonly box: Box;
  private readonly urls = new Map<string, Promise<string | null>>();
  private released = false;

  constructor(box: Box) {
    this.box = box;
  }

  /** A frame that is filled when the bytes are there, and keeps its icon when there are none. */
  frame(photo: string | null, alt: string, placeholder: string): HTMLElement {
    const frame = el("span", { class: "thumb" }, icon(placeholder));
    if (photo !== null) void this.fill(frame, photo, alt);
    return frame;
  }

  /** The preview's address, else none: an original of 3 MB is too much for a list. */
  url(photo: string): Promise<string | null> {
    const found = this.urls.get(photo) ?? this.made(photo);
    this.urls.set(photo, found);
    return found;
  }

  release(): void {
    this.released = true;
    for (const one of this.urls.values()) {
      void one.then((url) => url && URL.revokeObjectURL(url));
    }
    this.urls.clear();
  }

  private async made(photo: string): Promise<string | null> {
    const bytes = await this.box.bytes(photo, "preview").catch(() => undefined);
    if (!bytes || this.released) return null;
    return URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  }

  private async fill(frame: HTMLElement, photo: string, alt: string): Promise<void> {
    const url = await this.url(photo);
    if (url && !this.released) frame.replaceChildren(el("img", { src: url, alt }));
    // it may be made in a moment: asked for again at the next drawing
    else this.urls.delete(photo);
  }
}
