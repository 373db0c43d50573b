/** The system's way to choose or take pictures, behind a button of ours. */

import { el } from "../../dom/element.ts";

/** `capture: "environment"` opens the camera app; `multiple` lets several be chosen. */
export function picker(
  how: Readonly<Record<string, string | boolean>>,
  act: (files: readonly File[]) => void,
): HTMLInputElement {
  const input = el("input", { type: "file", accept: "image/*", hidden: true, ...how });
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    // the same picture can be chosen again
    input.value = "";
    if (files.length > 0) act(files);
  });
  return input;
}
