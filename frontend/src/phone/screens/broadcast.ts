/** A broadcast before everything else, until it is confirmed: over any screen, one after another. */

import { timeAgo } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { say, withReadings } from "../../dom/say.ts";
import { confirmRead, lastFix } from "../lane/broadcasts.ts";
import { isForHere, newsIn } from "../lane/news.ts";
import type { OwnBroadcast } from "../lane/own.ts";
import type { State } from "../state.ts";

/** Long, short, long (ms). */
const ALARM = [600, 200, 200, 200, 600];

/** From the app's start on. */
export function watchBroadcasts(state: State): void {
  const alarm = new Alarm(state);
  state.mine.known.watch(() => alarm.look());
  state.mine.seen.changed(() => alarm.look());
}

class Alarm {
  private readonly state: State;
  private dialog: HTMLDialogElement | null = null;
  private shown: string | null = null;

  constructor(state: State) {
    this.state = state;
  }

  look(): void {
    const { mine, edits, entries } = this.state;
    const { broadcasts } = newsIn(mine.known.value, mine.seen.value, edits.value);
    const fix = lastFix(entries.value);
    const here = broadcasts.filter((one) => isForHere(one, fix, Date.now()));
    const next = here.find(({ id }) => id === this.shown) ?? here[0] ?? null;
    if (next?.id === this.shown) return;
    this.close();
    if (next) this.show(next, here.length - 1);
  }

  private close(): void {
    this.shown = null;
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = null;
  }

  private show(broadcast: OwnBroadcast, more: number): void {
    const confirm = button(
      say("I have read it"),
      () => void confirmRead(this.state, broadcast.id),
      {
        class: "button button--main button--wide",
        autofocus: true,
      },
    );
    const dialog = el(
      "dialog",
      { class: "broadcast", "aria-labelledby": "broadcast-kind", role: "alertdialog" },
      ...wordsOf(this.state, broadcast),
      more > 0 && el("p", { class: "soft" }, say("{n} more after this one", { n: more })),
      el(
        "p",
        { class: "soft" },
        say("Never rely on this app alone: radio and loudspeakers count."),
      ),
      el("div", { class: "broadcast__dock" }, confirm),
    );
    // only the button ends it: neither Escape nor the back key
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => {
      if (this.dialog === dialog) dialog.showModal();
    });
    document.body.append(dialog);
    this.dialog = dialog;
    this.shown = broadcast.id;
    dialog.showModal();
    navigator.vibrate?.(ALARM);
  }
}

/** Kind, words, where, when and who: the same in the list of notices. */
export function wordsOf(state: State, broadcast: OwnBroadcast): Node[] {
  const { kind, text, area_name, created_at, author, incident } = broadcast;
  const { words, incidents } = state;
  const name = incidents.value.find(({ slug }) => slug === incident)?.name;
  const mark = words.term("broadcast_kind", kind)?.icon ?? "ui_alert";
  const head = el(
    "h2",
    { class: "broadcast__kind", id: "broadcast-kind" },
    icon(mark),
    el("span", {}, withReadings(words.label("broadcast_kind", kind))),
  );
  const where = area_name ? say("For {area}", { area: area_name }) : say("For everybody");
  const facts = [timeAgo(created_at, Date.now()), author, name].filter(Boolean).join(" · ");
  return [
    head,
    el("p", { class: "broadcast__text" }, text),
    el("p", { class: "broadcast__facts" }, where),
    el("p", { class: "broadcast__facts soft" }, facts),
  ];
}
