/** Icons of frontend/icons: one sprite in the bundle, put into the page once. */

import sprite from "virtual:icons";
import { svg } from "./element.ts";

const SPRITE_ID = "icon-sprite";

/** A 1em icon in the colour of its surroundings; hidden from screen readers. */
export function icon(name: string): SVGElement {
  ensureSprite();
  return svg("svg", { class: "icon", "aria-hidden": "true" }, use(name));
}

/** Only the `<use>`, to stand inside another drawing. */
export function use(name: string, place: Record<string, string | number> = {}): SVGElement {
  ensureSprite();
  return svg("use", { href: `#icon-${name}`, ...place });
}

function ensureSprite(): void {
  if (document.getElementById(SPRITE_ID)) return;
  const parsed = new DOMParser().parseFromString(sprite, "image/svg+xml");
  document.body.prepend(document.importNode(parsed.documentElement, true));
}
