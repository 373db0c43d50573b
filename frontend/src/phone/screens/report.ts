/** One report: for its author with everything that became of it, for others what they may see. */

import { el } from "../../dom/element.ts";
import { redraw } from "../../dom/redraw.ts";
import { plain, say, withoutReadings } from "../../dom/say.ts";
import { originalsMayGo } from "../../outbox/drain.ts";
import { findReport } from "../around/around.ts";
import type { Place } from "../frame/router.ts";
import { Thumbs } from "../frame/thumbs.ts";
import { newsOf } from "../lane/news.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { circumstances } from "../waiting/standing_now.ts";
import { viewOf } from "./outbox_lines.ts";
import { OutboxRow } from "./outbox_row.ts";
import { Acts } from "./report_acts.ts";
import {
  acceptedNodes,
  decidedNodes,
  factNodes,
  headNodes,
  historyNodes,
  photoNodes,
  receiptNodes,
} from "./report_parts.ts";
import { othersSubject, ownSubject, type Subject } from "./report_subject.ts";
import { Talk } from "./report_talk.ts";

const TICK_MS = 1_000;

export const report: MakeScreen = async (phone, place) => {
  const id = place.parts[1] ?? "";
  const own = ownSubject(phone.state, id);
  if (own) return new ReportScreen(phone, place, own).made();
  const found = await findReport(phone.state, id);
  if (!found) return unknown();
  return new ReportScreen(phone, place, othersSubject(found)).made();
};

function unknown(): Screen {
  const title = plain("Report");
  const words = say("This phone does not know this report. With a network it can be looked up.");
  return { title, body: el("section", { class: "stack" }, el("p", { class: "empty" }, words)) };
}

class ReportScreen {
  private readonly phone: Phone;
  private readonly id: string;
  private readonly first: Subject;
  private readonly thumbs: Thumbs;
  private readonly head = el("div", { class: "stack stack--close" });
  private readonly accepted = el("div", { class: "stack stack--close", role: "status" });
  private readonly decided = el("div");
  private readonly standing = el("ul", { class: "list entries entries--alone" });
  private readonly row: OutboxRow;
  private readonly receipt = el("div", { class: "receipt-card" });
  private readonly photos = el("div", { class: "photos" });
  private readonly facts = el("div");
  private readonly history = el("div", { class: "stack stack--close" });
  private readonly talk: Talk;
  private readonly acts: Acts;
  private readonly ends: (() => void)[] = [];
  private held = false;

  constructor(phone: Phone, { parts }: Place, subject: Subject) {
    this.phone = phone;
    this.id = parts[1] ?? "";
    this.first = subject;
    this.thumbs = new Thumbs(phone.state.box);
    this.row = new OutboxRow(this.thumbs);
    this.standing.append(this.row.node);
    this.talk = new Talk(phone.state, this.id);
    this.acts = new Acts(phone.state);
  }

  made(): Screen {
    const { state } = this.phone;
    const draw = () => this.draw();
    for (const value of [state.entries, state.edits, state.link, state.online, state.mine.known]) {
      this.ends.push((value as { changed(listener: () => void): () => void }).changed(draw));
    }
    const timer = setInterval(() => void this.tick(), TICK_MS);
    this.ends.push(() => clearInterval(timer));
    draw();
    const body = el(
      "section",
      { class: "stack report" },
      this.head,
      this.accepted,
      this.standing,
      this.talk.node,
      this.decided,
      this.receipt,
      this.photos,
      this.facts,
      this.acts.node,
      this.history,
    );
    return { title: this.title(), body, leave: () => this.leave() };
  }

  private title(): string {
    const { category } = this.first;
    const { words } = this.phone.state;
    return category ? withoutReadings(words.label("category", category)) : plain("Report");
  }

  private leave(): void {
    for (const end of this.ends) end();
    this.thumbs.release();
  }

  private async tick(): Promise<void> {
    const { state } = this.phone;
    this.held = state.holdOriginals.value && !(await originalsMayGo(state.box));
    this.draw();
  }

  private draw(): void {
    const { state } = this.phone;
    const subject = ownSubject(state, this.id) ?? this.first;
    const { report: said, status, notes, edits } = subject;
    const minute = Math.floor(Date.now() / 60_000);
    const what = [subject.category, subject.detail, subject.severity, status];
    redraw(this.head, what, () => headNodes(subject, state.words));
    const accepted = [what, said?.properties.accepted_at];
    redraw(this.accepted, accepted, () => acceptedNodes(subject));
    redraw(this.decided, [status, said?.properties.reason, subject.erased], () =>
      decidedNodes(subject),
    );
    redraw(this.receipt, subject.receipt, () => receiptNodes(subject.receipt));
    this.receipt.hidden = subject.receipt === null;
    this.drawPhotos(subject);
    const facts = [subject.comment, subject.floor, said, subject.entry?.content, minute];
    redraw(this.facts, facts, () => factNodes(subject, Date.now()));
    redraw(this.history, [subject.heard, subject.entry?.sentAt, minute], () =>
      historyNodes(subject, state.words, Date.now()),
    );
    this.drawStanding(subject);
    this.talk.draw(notes, edits);
    this.acts.draw(subject);
    if (said && subject.own) void this.saw(subject);
  }

  private drawStanding({ entry }: Subject): void {
    this.standing.hidden = entry === null || entry.folder === "sent";
    if (!entry || entry.folder === "sent") return;
    const around = circumstances(this.phone.state, this.held);
    this.row.draw(viewOf(this.phone, { kind: "entry", entry }, around));
  }

  private drawPhotos(subject: Subject): void {
    const here = subject.entry?.photos.map(({ id, preview }) => [id, preview !== null]);
    const said = subject.report?.properties.photos?.map(({ id, state }) => [id, state]);
    const drawn = redraw(this.photos, [here, said], () => []);
    if (!drawn) return;
    void photoNodes(subject, this.thumbs).then((nodes) => this.photos.replaceChildren(...nodes));
  }

  /** Looked at: no news any more. */
  private async saw({ report: said }: Subject): Promise<void> {
    if (!said || document.hidden) return;
    const news = newsOf(said);
    const { mine } = this.phone.state;
    if (news !== "" && mine.seen.value.reports[said.id] !== news) {
      await mine.sawReports({ [said.id]: news });
    }
  }
}
