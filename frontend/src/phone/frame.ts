/** What is around every screen: the bar with incident, link and counts above, the tabs below. */

import { byId, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { plain, say } from "../dom/say.ts";
import type { Screen } from "./screen.ts";
import type { State } from "./state.ts";

const TABS = [
  { tab: "shoot", path: "", icon: "ui_camera", word: "Shoot" },
  { tab: "list", path: "list", icon: "shelter", word: "List" },
  { tab: "map", path: "map", icon: "ui_map", word: "Map" },
  { tab: "notices", path: "notices", icon: "ui_alert", word: "Notices" },
] as const;

export class Frame {
  private readonly state: State;
  private readonly bar = el("header", { class: "phone-bar" });
  private readonly main = el("main", { class: "phone-main", id: "screen", tabindex: "-1" });
  private readonly tabs = el("nav", { class: "phone-tabs" });

  constructor(state: State) {
    this.state = state;
    byId("app").replaceChildren(this.bar, this.main, this.tabs);
    for (const value of [state.entries, state.edits, state.online, state.incident, state.link]) {
      (value as { watch(listener: () => void): void }).watch(() => this.drawBar());
    }
  }

  show(screen: Screen): void {
    document.title = `${screen.title} - G-space`;
    document.body.classList.toggle("phone-full", screen.full === true);
    this.main.replaceChildren(screen.body);
    this.drawTabs(screen.tab);
    this.main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  private drawBar(): void {
    const { waiting } = this.state.counts();
    const outbox = el(
      "a",
      { href: "/m/outbox", "data-go": "outbox" },
      say("To send"),
      ` ${waiting}`,
    );
    const name = this.state.incident.value?.name ?? plain("No incident");
    this.bar.replaceChildren(el("strong", {}, name), outbox);
  }

  private drawTabs(lit?: string): void {
    const made = TABS.map((one) =>
      el(
        "a",
        {
          href: `/m/${one.path}`,
          "data-go": one.path,
          "aria-current": one.tab === lit ? "page" : null,
        },
        icon(one.icon),
        say(one.word),
      ),
    );
    this.tabs.replaceChildren(...made);
  }
}
