/** Above what waits: how far the queue is, what keeps all of it, and the buttons. */

import { number, t } from "../../core/language.ts";
import { clockSeconds } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { redraw } from "../../dom/redraw.ts";
import { say, withReadings } from "../../dom/say.ts";
import { worstOf } from "../../outbox/entry.ts";
import { nextTime } from "../../outbox/jobs.ts";
import type { Phone } from "../screen.ts";
import { progressOf, QUEUE_SINCE, type Share } from "../waiting/progress.ts";
import { sendOriginalsNow } from "../waiting/queue.ts";
import { type Circumstances, generalReason } from "../waiting/standing.ts";
import { meter } from "./meter.ts";

export class QueuePanel {
  readonly node = el("div", { class: "queue stack stack--close" });
  private readonly phone: Phone;
  private readonly attention = el("div");
  private readonly shares = el("div", { class: "stack stack--close", "aria-live": "polite" });
  private readonly reason = el("div", { role: "status" });
  private readonly buttons = el("div", { class: "row queue__buttons" });
  private since = Number.POSITIVE_INFINITY;

  constructor(phone: Phone) {
    this.phone = phone;
    this.node.append(this.attention, this.shares, this.reason, this.buttons);
  }

  draw(around: Circumstances): void {
    void this.readSince();
    const { entries, edits } = this.phone.state;
    const waits = entries.value.filter(({ folder }) => folder === "waiting");
    this.node.hidden = waits.length + edits.value.length === 0;
    this.drawAttention(waits.filter((entry) => worstOf(entry).state === "attention").length);
    this.drawShares();
    this.drawReason(around);
    this.drawButtons(around);
  }

  private async readSince(): Promise<void> {
    const since = await this.phone.state.box.kept<number | null>(QUEUE_SINCE);
    this.since = since ?? Number.POSITIVE_INFINITY;
  }

  private drawAttention(n: number): void {
    redraw(this.attention, n, () => [
      n > 0 &&
        el(
          "p",
          { class: "banner banner--error" },
          icon("ui_alert"),
          el("span", {}, say("{n} need you. The others go on.", { n: number(n) })),
        ),
    ]);
  }

  private drawShares(): void {
    const { words, photos } = progressOf(this.phone.state.entries.value, this.since);
    redraw(this.shares, [words, photos], () => [
      words.all > 0 && share(words, t("Reports: {done} / {all}", counts(words))),
      photos.all > 0 && share(photos, t("Large pictures: {done} / {all}", counts(photos))),
    ]);
  }

  private drawReason(around: Circumstances): void {
    const reason = generalReason(around);
    const next = reason && around.online ? this.nextTry(around) : null;
    redraw(this.reason, [reason, next], () => [
      reason &&
        el(
          "div",
          { class: "banner banner--warn" },
          icon(around.online ? "ui_alert" : "ui_offline"),
          el(
            "div",
            {},
            el("strong", {}, withReadings(reason.words)),
            el("p", {}, withReadings(reason.todo)),
            next !== null && el("p", {}, say("Next try {time}", { time: clockSeconds(next) })),
          ),
        ),
    ]);
  }

  private nextTry({ now, held }: Circumstances): number | null {
    const { entries, edits } = this.phone.state;
    const conditions = { now, originals: !held, freshSince: 0 };
    const at = nextTime(entries.value, edits.value, conditions);
    return at !== null && at > now ? at : null;
  }

  private drawButtons({ sending, held, joined, lockedOut }: Circumstances): void {
    const key = { sending, held, useless: !joined || lockedOut };
    redraw(this.buttons, key, () => {
      if (key.useless) return [];
      const now = button(say("Send now"), () => void this.phone.pump.now(), {
        class: "button button--main",
      });
      const originals = button(
        say("Send large pictures now"),
        () => void sendOriginalsNow(this.phone),
        { class: "button" },
      );
      return [now, held && originals, sending && el("span", { class: "soft" }, say("Sending"))];
    });
  }
}

function counts({ done, all }: Share): { done: string; all: string } {
  return { done: number(done), all: number(all) };
}

function share(value: Share, words: string): HTMLElement {
  return el(
    "div",
    {},
    el("p", { class: "queue__count" }, withReadings(words)),
    meter(value, words),
  );
}
