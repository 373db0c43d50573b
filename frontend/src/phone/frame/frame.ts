/** What is around every screen: the bar and its strips above, the tabs below. */

import { msg } from "../../core/language.ts";
import { byId, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import { unread } from "../lane/unread.ts";
import type { Phone, Screen } from "../screen.ts";
import { FrameBar } from "./frame_bar.ts";
import { FrameStrips } from "./frame_strips.ts";

const TABS = [
  { tab: "shoot", path: "", icon: "ui_camera", word: msg("Shoot") },
  { tab: "list", path: "list", icon: "ui_list", word: msg("List") },
  { tab: "map", path: "map", icon: "ui_map", word: msg("Map") },
  { tab: "notices", path: "notices", icon: "ui_bell", word: msg("Notices") },
] as const;

export class Frame {
  private readonly bar: FrameBar;
  private readonly strips: FrameStrips;
  private readonly main = el("main", { class: "phone-main", id: "screen", tabindex: "-1" });
  private readonly tabs = el("nav", { class: "phone-tabs" });
  private lit: Screen["tab"];

  constructor(phone: Phone) {
    this.bar = new FrameBar(phone.state);
    this.strips = new FrameStrips(phone);
    const head = el("header", { class: "phone-head" }, this.bar.root, this.strips.root);
    byId("app").replaceChildren(head, this.main, this.tabs);
    unread.watch(() => this.drawTabs());
    phone.state.device.watch((device) => {
      document.body.classList.toggle("phone-alone", device === null);
    });
    phone.state.language.changed(() => {
      this.bar.draw();
      this.strips.draw();
      this.drawTabs();
    });
  }

  show(screen: Screen): void {
    document.title = `${screen.title} - G-space`;
    document.body.classList.toggle("phone-full", screen.full === true);
    const titled = screen.body.querySelector("h1") !== null;
    const heading = titled ? [] : [el("h1", { class: "unseen" }, screen.title)];
    this.main.replaceChildren(...heading, screen.body);
    this.lit = screen.tab;
    this.drawTabs();
    this.main.scrollTop = 0;
    this.main.focus({ preventScroll: true });
  }

  private drawTabs(): void {
    this.tabs.setAttribute("aria-label", plain("Main parts"));
    this.tabs.replaceChildren(...TABS.map((one) => this.tab(one)));
  }

  private tab(one: (typeof TABS)[number]): HTMLElement {
    const current = one.tab === this.lit ? "page" : null;
    const news = one.tab === "notices" ? unread.value : 0;
    return el(
      "a",
      { href: `/m/${one.path}`, "data-go": one.path, "aria-current": current },
      icon(one.icon),
      el("span", {}, say(one.word)),
      news > 0 && el("span", { class: "phone-tabs__unread" }, String(news)),
      news > 0 && el("span", { class: "unseen" }, say("unread")),
    );
  }
}
