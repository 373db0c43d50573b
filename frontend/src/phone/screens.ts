/** Which screen an address shows. */

import { el } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import type { Place } from "./router.ts";
import type { MakeScreen } from "./screen.ts";
import { draft } from "./screens/draft.ts";
import { place } from "./screens/place.ts";
import { rules } from "./screens/rules.ts";
import { settings } from "./screens/settings.ts";
import { shoot } from "./screens/shoot.ts";

/** First part of the path -> screen. */
const SCREENS: Readonly<Record<string, MakeScreen>> = {
  "": shoot,
  draft,
  place,
  rules,
  settings,
};

const missing: MakeScreen = () => ({
  title: "G-space",
  body: el("section", { class: "stack" }, el("p", {}, say("There is no such page."))),
});

export function screenOf({ parts }: Place): MakeScreen {
  return SCREENS[parts[0] ?? ""] ?? missing;
}
