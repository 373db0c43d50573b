/** Radio buttons as tiles: one of several codes, or none. */

import { el } from "../../dom/element.ts";

export interface Tile {
  readonly code: string;
  readonly mark: Node;
  readonly label: Node;
}

export function radioTile(name: string, tile: Tile, choose: (code: string) => void): HTMLElement {
  const input = el("input", { type: "radio", name, value: tile.code });
  input.addEventListener("change", () => choose(tile.code));
  return el(
    "label",
    { class: "tile" },
    input,
    el("span", {}, tile.mark, el("span", {}, tile.label)),
  );
}

/** Checks the radio of this code; none when there is no such. */
export function check(group: HTMLElement, code: string | null): void {
  for (const input of group.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
    input.checked = input.value === code;
  }
}
