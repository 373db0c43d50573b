/** Which screen an address shows. */

import { el } from "../dom/element.ts";
import { say } from "../dom/say.ts";
import type { Place } from "./frame/router.ts";
import type { MakeScreen } from "./screen.ts";
import { draft } from "./screens/draft.ts";
import { shoot } from "./screens/shoot.ts";

type More = typeof import("./more.ts");

/** These come in a piece of their own, after the camera. */
function later(name: Exclude<keyof More, "startAround">): MakeScreen {
  return async (phone, at) => (await import("./more.ts"))[name](phone, at);
}

/** First part of the path -> screen. */
const SCREENS: Readonly<Record<string, MakeScreen>> = {
  "": shoot,
  draft,
  place: later("place"),
  outbox: later("outbox"),
  report: later("report"),
  notices: later("notices"),
  list: later("list"),
  map: later("map"),
  shelter: later("shelter"),
  settings: later("settings"),
  rules: later("rules"),
};

const missing: MakeScreen = () => ({
  title: "G-space",
  body: el("section", { class: "stack" }, el("p", {}, say("There is no such page."))),
});

export function screenOf({ parts }: Place): MakeScreen {
  return SCREENS[parts[0] ?? ""] ?? missing;
}
