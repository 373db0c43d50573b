/** One line of the outbox: picture, what, when, where, how it stands, and what can be done. */

import { number, t } from "../../core/language.ts";
import { clockSeconds } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { redraw } from "../../dom/redraw.ts";
import { say, withReadings } from "../../dom/say.ts";
import type { Thumbs } from "../frame/thumbs.ts";
import { percent, type Share } from "../waiting/progress.ts";
import type { Mood, Standing } from "../waiting/standing.ts";
import { meter } from "./meter.ts";

export interface Action {
  /** Names it for comparing. */
  readonly id: string;
  readonly label: Node;
  readonly act: () => void;
  readonly danger?: boolean;
  readonly main?: boolean;
}

export interface RowView {
  /** Below /m/. */
  readonly href: string;
  readonly photo: string | null;
  readonly placeholder: string;
  /** Drawn anew when it differs. */
  readonly key: unknown;
  readonly title: () => readonly Node[];
  readonly facts: readonly string[];
  readonly standing: Standing | null;
  readonly upload: Share | null;
  readonly actions: readonly Action[];
}

const MOODS: Readonly<Record<Mood, string>> = {
  draft: "ui_draft",
  sent: "ui_check",
  sending: "ui_next",
  waiting: "ui_outbox",
  attention: "ui_alert",
};

export class OutboxRow {
  readonly node = el("li", { class: "entry" });
  private readonly picture = el("span", { class: "entry__picture" });
  private readonly head = el("div", { class: "entry__head" });
  private readonly stand = el("div", { class: "entry__standing" });
  private readonly progress = el("div", { class: "entry__progress" });
  private readonly acts = el("div", { class: "row entry__acts" });
  private readonly thumbs: Thumbs;

  constructor(thumbs: Thumbs) {
    this.thumbs = thumbs;
    const words = el("div", { class: "entry__words" }, this.head, this.stand, this.progress);
    this.node.append(this.picture, words, this.acts);
  }

  draw(view: RowView): void {
    const { photo, placeholder, standing, upload, actions } = view;
    redraw(this.picture, [photo, placeholder, view.key], () => [
      this.thumbs.frame(photo, "", placeholder),
    ]);
    redraw(this.head, [view.key, view.facts, view.href], () => headOf(view));
    const mood = standing?.mood ?? null;
    this.node.classList.toggle("entry--attention", mood === "attention");
    redraw(this.stand, standing, () => (standing ? standingNodes(standing) : []));
    redraw(this.progress, upload, () => (upload ? uploadNodes(upload) : []));
    redraw(
      this.acts,
      actions.map(({ id }) => id),
      () => actions.map(actionButton),
    );
    this.acts.hidden = actions.length === 0;
  }
}

function headOf({ href, title, facts }: RowView): Node[] {
  const link = el("a", { class: "entry__link", href: `/m/${href}`, "data-go": href }, ...title());
  return [link, ...facts.map((fact) => el("p", { class: "soft" }, withReadings(fact)))];
}

function standingNodes({ mood, reason, general, nextAt }: Standing): Node[] {
  const nodes = [mark(mood, reason?.words)];
  // what holds for all of them is said above them, once
  if (reason?.todo && !general) nodes.push(el("p", { class: "soft" }, withReadings(reason.todo)));
  if (nextAt !== null && !general) {
    nodes.push(el("p", { class: "soft" }, say("Next try {time}", { time: clockSeconds(nextAt) })));
  }
  return nodes;
}

function mark(mood: Mood, words?: string): HTMLElement {
  const said = words ? withReadings(words) : moodWords(mood);
  return el("p", { class: `mood mood--${mood}` }, icon(MOODS[mood]), el("span", {}, said));
}

function moodWords(mood: Mood): Node {
  if (mood === "draft") return say("Not finished");
  if (mood === "sending") return say("Being sent now");
  return mood === "sent" ? say("Has arrived") : say("Waiting");
}

function uploadNodes(upload: Share): Node[] {
  const values = {
    done: number(Math.floor(upload.done / 1000)),
    all: number(Math.ceil(upload.all / 1000)),
    percent: percent(upload),
  };
  const words = t("Picture: {done} of {all} kB, {percent} %", values);
  return [el("p", { class: "soft" }, withReadings(words)), meter(upload, words)];
}

function actionButton({ label, act, danger, main }: Action): HTMLElement {
  const kind = danger ? " button--danger" : main ? " button--main" : "";
  return button(label, act, { class: `button${kind}` });
}
