/** One screen at a time: the one that the address means, or the welcome while nobody has joined. */

import type { Unsubscribe } from "../../core/observable.ts";
import { el } from "../../dom/element.ts";
import { plain, say } from "../../dom/say.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { welcome } from "../screens/welcome.ts";
import { screenOf } from "../screens.ts";
import type { Frame } from "./frame.ts";
import { type Place, place } from "./router.ts";

export class Stage {
  private readonly phone: Phone;
  private readonly frame: Frame;
  private shown: Screen | null = null;
  private turn = 0;

  constructor(phone: Phone, frame: Frame) {
    this.phone = phone;
    this.frame = frame;
  }

  start(): Unsubscribe {
    const { device, language } = this.phone.state;
    let joined = device.value !== null;
    device.changed((now) => {
      if ((now !== null) === joined) return;
      joined = now !== null;
      void this.show(place.value);
    });
    language.changed(() => void this.show(place.value));
    return place.watch((next) => void this.show(next));
  }

  private async show(next: Place): Promise<void> {
    const turn = ++this.turn;
    this.shown?.leave?.();
    this.shown = null;
    const screen = await this.make(next);
    // another screen was asked for meanwhile
    if (turn !== this.turn) return screen.leave?.();
    this.shown = screen;
    this.frame.show(screen);
  }

  /** A fault of one screen must not take the way to the others. */
  private async make(next: Place): Promise<Screen> {
    try {
      return await this.screenOf(next)(this.phone, next);
    } catch (error) {
      console.error(error);
      return broken();
    }
  }

  private screenOf(next: Place): MakeScreen {
    const joined = this.phone.state.device.value !== null;
    return joined || next.parts[0] === "rules" ? screenOf(next) : welcome;
  }
}

function broken(): Screen {
  const again = el("a", { class: "button", href: location.href }, say("Load this page again"));
  const body = el(
    "section",
    { class: "stack" },
    el("h1", {}, say("This page does not work just now")),
    el("p", {}, say("What you recorded is kept on this phone.")),
    again,
  );
  return { title: plain("This page does not work just now"), body };
}
