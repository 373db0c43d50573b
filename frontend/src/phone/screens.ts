/** Which screen an address shows. */

import { el } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import type { Place } from "./router.ts";
import type { MakeScreen } from "./screen.ts";
import { draft } from "./screens/draft.ts";
import { list } from "./screens/list.ts";
import { map } from "./screens/map.ts";
import { notices } from "./screens/notices.ts";
import { outbox } from "./screens/outbox.ts";
import { place } from "./screens/place.ts";
import { report } from "./screens/report.ts";
import { rules } from "./screens/rules.ts";
import { settings } from "./screens/settings.ts";
import { shelter } from "./screens/shelter.ts";
import { shoot } from "./screens/shoot.ts";

/** First part of the path -> screen. */
const SCREENS: Readonly<Record<string, MakeScreen>> = {
  report,
  outbox,
  notices,
  "": shoot,
  shelter,
  map,
  list,
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
