/** How bad it is; "unknown" is an answer, and the one that stands until somebody says more. */

import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import type { State } from "../state.ts";
import type { Keep, Part } from "./part.ts";
import { check, radioTile } from "./tiles.ts";

export class SeverityPart implements Part {
  readonly element: HTMLElement;

  constructor({ words }: State, keep: Keep) {
    const tiles = words.terms("severity").map(({ code }) => {
      const letter = words.letter("severity", code);
      const mark = el("b", { class: `mark mark--${code}`, "aria-hidden": "true" }, letter);
      const label = withReadings(words.label("severity", code));
      return radioTile("severity", { code, mark, label }, (severity) => keep({ severity }));
    });
    this.element = el(
      "fieldset",
      { class: "stack stack--close" },
      el("legend", {}, say("How bad is it?")),
      el("div", { class: "tiles" }, ...tiles),
    );
  }

  update({ content }: ReportEntry): void {
    check(this.element, content.severity);
  }
}
