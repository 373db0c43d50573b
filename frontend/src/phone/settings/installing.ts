/** The app on the home screen. An iPhone's installed app knows nothing of the browser: it is handed over. */

import { Problem } from "../../core/api.ts";
import { msg, ngettext } from "../../core/language.ts";
import { clockTime } from "../../core/times.ts";
import { el } from "../../dom/element.ts";
import { say, withReadings } from "../../dom/say.ts";
import { press } from "../frame/press.ts";
import { handOverByManifest, installPrompt, isInstalled, isIphone } from "../join/install.ts";
import type { Part } from "../screens/settings.ts";
import { service } from "../service.ts";
import type { State } from "../state.ts";
import { banner, card } from "./card.ts";

/** Answer of POST /devices/me/transfer. */
interface Transfer {
  readonly code: string;
  readonly digits: string;
  readonly expires_at: string;
  readonly digits_expire_at: string;
}

export const installing: Part = ({ state }, until) => {
  if (isInstalled()) {
    const done = banner("ok", "ui_check", say("This is the app on the home screen."));
    return card(msg("Home screen"), done, anotherApp(state));
  }
  return isIphone() ? iphone(state) : elsewhere(state, until);
};

function elsewhere(state: State, until: Parameters<Part>[1]): HTMLElement {
  const part = el("div");
  until(
    installPrompt.watch((prompt) => {
      part.replaceChildren(
        prompt
          ? press(say("Put on the home screen"), prompt, { class: "button button--wide" })
          : el("p", {}, say("In the browser's menu: “Install app” or “Add to home screen”.")),
      );
    }),
  );
  return card(msg("Put on the home screen"), part, anotherApp(state));
}

function iphone(state: State): HTMLElement {
  const steps = [
    msg("Tap the button below: six digits appear."),
    msg("Tap Share in the browser, then “Add to Home Screen”."),
    msg("Open G-space from the home screen. If it asks, enter the six digits."),
  ];
  const list = el("ol", { class: "steps" }, ...steps.map((words) => el("li", {}, say(words))));
  return card(msg("Put on the home screen"), list, handOver(state), stillHere(state));
}

/** What waits in the browser does not move with the key. */
function stillHere(state: State): HTMLElement | null {
  const { waiting, draft } = state.counts();
  const n = waiting + draft;
  if (n === 0) return null;
  const words = ngettext(
    "{n} report is still in this browser and is sent from here: open it here until nothing is left.",
    "{n} reports are still in this browser and are sent from here: open it here until nothing is left.",
    n,
  );
  return banner("warn", "ui_outbox", withReadings(words));
}

function anotherApp(state: State): HTMLElement {
  return el(
    "details",
    {},
    el("summary", {}, say("Go on in another browser or app of this phone")),
    el("div", { class: "stack stack--close" }, handOver(state)),
  );
}

function handOver(state: State): HTMLElement {
  const shown = el("div", { class: "stack stack--close", role: "status" });
  const ask = async () => {
    shown.replaceChildren(el("div", { class: "skeleton" }));
    try {
      const transfer = await service(state).post<Transfer>("devices/me/transfer", {});
      handOverByManifest(manifestOf(state), transfer.code);
      shown.replaceChildren(...digits(transfer));
    } catch (error) {
      const words =
        error instanceof Problem
          ? withReadings(error.message)
          : say("This needs a network. Try again later.");
      shown.replaceChildren(el("p", { class: "field__error" }, words));
    }
  };
  return el(
    "div",
    { class: "stack stack--close" },
    press(say("Show six digits"), () => void ask()),
    shown,
  );
}

function manifestOf(state: State): string {
  return state.page.urls.manifest.replace(/language=[\w-]+/, `language=${state.language.value}`);
}

function digits({ digits: six, digits_expire_at }: Transfer): Node[] {
  const time = clockTime(digits_expire_at);
  return [
    el("p", { class: "receipt", id: "digits" }, `${six.slice(0, 3)} ${six.slice(3)}`),
    el("p", { class: "soft" }, say("Good once, until {time}. Show them to nobody else.", { time })),
  ];
}
