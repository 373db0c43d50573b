/** Everything that is set once or looked up seldom; each part is a file of ../settings/. */

import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import type { MakeScreen, Phone } from "../screen.ts";
import { about } from "../settings/about.ts";
import { appearance } from "../settings/appearance.ts";
import { identity } from "../settings/identity.ts";
import { installing } from "../settings/installing.ts";
import { leaving } from "../settings/leaving.ts";
import { storing } from "../settings/storing.ts";

/** `until` collects what has to end with the screen. */
export type Part = (phone: Phone, until: (leave: Unsubscribe) => void) => HTMLElement;

const PARTS: readonly Part[] = [identity, appearance, storing, installing, about, leaving];

export const settings: MakeScreen = (phone) => {
  const leaves: Unsubscribe[] = [];
  const until = (leave: Unsubscribe) => void leaves.push(leave);
  const parts = PARTS.map((make) => make(phone, until));
  return {
    title: plain("Settings"),
    body: el("section", { class: "stack settings" }, el("h1", {}, say("Settings")), ...parts),
    leave: () => {
      for (const leave of leaves) leave();
    },
  };
};
