/** What headquarters says to this phone: questions first, then broadcasts and reports by time. */

import type { Report } from "../../core/report.ts";
import { dayTime, timeAgo } from "../../core/times.ts";
import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { keepRows, redraw } from "../../dom/redraw.ts";
import { plain, say, withReadings } from "../../dom/say.ts";
import {
  categoryIcon,
  categoryWords,
  placeOfReport,
  receiptGroups,
  statusBadge,
} from "../around/report_words.ts";
import { confirmRead } from "../lane/broadcasts.ts";
import { isNews, type News, newsIn, newsOf, readAt } from "../lane/news.ts";
import { broadcastsOf, type Note, type OwnBroadcast, reportOf, reportsOf } from "../lane/own.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { wordsOf } from "./broadcast.ts";
import { acceptedWords } from "./report_parts.ts";

const TICK_MS = 30_000;

export const notices: MakeScreen = (phone) => new NoticesScreen(phone).made();

interface Line {
  readonly id: string;
  /** For the order. */
  readonly at: number;
  readonly key: unknown;
  readonly make: () => readonly Node[];
}

interface Row {
  readonly node: HTMLElement;
}

class NoticesScreen {
  private readonly phone: Phone;
  private readonly list = el("ul", { class: "list notices" });
  private readonly rows = new Map<string, Row>();
  private readonly empty = el("div", { class: "empty" });
  private readonly ends: (() => void)[] = [];
  /** Reports that were news when the screen opened stay marked until it is left. */
  private readonly fresh: ReadonlySet<string>;

  constructor(phone: Phone) {
    this.phone = phone;
    this.fresh = this.news().changed;
  }

  made(): Screen {
    const { mine, edits } = this.phone.state;
    const draw = () => this.draw();
    this.ends.push(mine.known.changed(draw), mine.seen.changed(draw), edits.changed(draw));
    const timer = setInterval(draw, TICK_MS);
    this.ends.push(() => clearInterval(timer));
    const words = say("Changes of your reports, questions and broadcasts from headquarters.");
    this.empty.append(el("p", {}, say("Nothing yet.")), el("p", { class: "soft" }, words));
    draw();
    const title = el("h1", { class: "screen-title" }, say("Notices"));
    const body = el("section", { class: "stack" }, title, this.empty, this.list);
    return { title: plain("Notices"), tab: "notices", body, leave: () => this.leave() };
  }

  /** What was on the screen has been seen. */
  private leave(): void {
    for (const end of this.ends) end();
    const { mine } = this.phone.state;
    const unseen = reportsOf(mine.known.value).filter((one) => isNews(one, mine.seen.value));
    if (unseen.length === 0) return;
    void mine.sawReports(Object.fromEntries(unseen.map((one) => [one.id, newsOf(one)])));
  }

  private news(): News {
    const { mine, edits } = this.phone.state;
    return newsIn(mine.known.value, mine.seen.value, edits.value);
  }

  private draw(): void {
    const lines = this.lines();
    const ids = lines.map(({ id }) => id);
    keepRows(this.list, this.rows, ids, () => ({ node: el("li", { class: "notice-row" }) }));
    for (const { id, key, make } of lines) {
      const node = this.rows.get(id)?.node;
      if (node) redraw(node, key, make);
    }
    this.list.hidden = lines.length === 0;
    this.empty.hidden = lines.length > 0;
  }

  private lines(): Line[] {
    const { known } = this.phone.state.mine;
    const { questions, changed } = this.news();
    const asked = questions.map((note) => this.question(note));
    const said = broadcastsOf(known.value).map((one) => this.broadcast(one));
    const reports = reportsOf(known.value)
      .filter((one) => newsOf(one) !== "")
      .map((one) => this.report(one, changed.has(one.id) || this.fresh.has(one.id)));
    const byTime = [...said, ...reports].sort((a, b) => b.at - a.at);
    return [...asked, ...byTime];
  }

  private question(note: Note): Line {
    const { state } = this.phone;
    const report = reportOf(state.mine.known.value, note.report)?.report ?? null;
    const path = `report/${note.report}`;
    const about = report?.properties ?? { category: null, receipt: "" };
    const make = () => [
      el(
        "a",
        { class: "notice-link is-new", href: `/m/${path}`, "data-go": path },
        icon("ui_alert"),
        el(
          "span",
          { class: "notice-words" },
          el("strong", {}, say("Headquarters asks")),
          el("span", {}, note.text),
          el(
            "span",
            { class: "soft" },
            categoryWords(state.words, about),
            ` ${receiptGroups(about.receipt)}`,
          ),
          el("span", { class: "soft" }, `${note.author} ${dayTime(note.created_at, Date.now())}`),
          el("span", { class: "answer-call" }, say("Answer")),
        ),
      ),
    ];
    return { id: note.id, at: Date.parse(note.created_at), key: [note, about.receipt], make };
  }

  private report(report: Report, isNew: boolean): Line {
    const { state } = this.phone;
    const { properties } = report;
    const heard = reportOf(state.mine.known.value, report.id)?.heard.at(-1);
    const at = heard?.at ?? Date.parse(properties.received_at);
    const path = `report/${report.id}`;
    // with another status that is no news any more, but of a rescue
    const told = properties.status === "received" || properties.category === "rescue";
    const accepted = told ? acceptedWords(report) : null;
    const make = () => [
      el(
        "a",
        { class: `notice-link${isNew ? " is-new" : ""}`, href: `/m/${path}`, "data-go": path },
        icon(categoryIcon(state.words, properties.category)),
        el(
          "span",
          { class: "notice-words" },
          el("strong", {}, categoryWords(state.words, { category: properties.category })),
          el(
            "span",
            { class: "row" },
            isNew && newBadge(),
            statusBadge(state.words, properties.status),
          ),
          accepted ? el("span", {}, say("Headquarters has it: {who}", { who: accepted })) : null,
          properties.reason ? el("span", {}, properties.reason) : null,
          el("span", { class: "soft" }, withReadings(placeOfReport(report))),
          el(
            "span",
            { class: "soft" },
            `${receiptGroups(properties.receipt)} · ${timeAgo(at, Date.now())}`,
          ),
        ),
      ),
    ];
    const key = [newsOf(report), isNew, timeAgo(at, Date.now()), placeOfReport(report)];
    return { id: report.id, at, key, make };
  }

  private broadcast(broadcast: OwnBroadcast): Line {
    const { state } = this.phone;
    const at = readAt(broadcast, state.mine.seen.value);
    const { goneAt, created_at } = broadcast;
    const confirm = () =>
      button(say("I have read it"), () => void confirmRead(state, broadcast.id), {
        class: "button button--main",
      });
    const make = () => [
      el(
        "div",
        { class: `notice-broadcast${at === null && goneAt === null ? " is-new" : ""}` },
        ...wordsOf(state, broadcast).map(withoutId),
        goneAt !== null
          ? el("p", { class: "badge badge--dashed" }, say("No longer holds"))
          : at === null
            ? confirm()
            : el(
                "p",
                { class: "status" },
                icon("ui_check"),
                say("You read it: {time}", { time: dayTime(at, Date.now()) }),
              ),
      ),
    ];
    const key = [at, goneAt, timeAgo(created_at, Date.now()), broadcast.text];
    return { id: broadcast.id, at: Date.parse(created_at), key, make };
  }
}

/** The dialog's label is named once on a page. */
function withoutId(node: Node): Node {
  if (node instanceof Element) node.removeAttribute("id");
  return node;
}

function newBadge(): HTMLElement {
  return el("span", { class: "badge badge--filled" }, say("New"));
}
