/** Drafts, what waits and why, and what is sent: three folders with counts. */

import { msg, number } from "../../core/language.ts";
import { el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { keepRows, redraw } from "../../dom/redraw.ts";
import { plain, say } from "../../dom/say.ts";
import { originalsMayGo } from "../../outbox/drain.ts";
import { type Entry, isUrgent, worstOf } from "../../outbox/entry.ts";
import type { Place } from "../frame/router.ts";
import { Thumbs } from "../frame/thumbs.ts";
import { reportsOf } from "../lane/own.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { dropSpentReceipts } from "../waiting/queue.ts";
import { circumstances } from "../waiting/standing_now.ts";
import { type Line, viewOf } from "./outbox_lines.ts";
import { OutboxRow } from "./outbox_row.ts";
import { QueuePanel } from "./queue_panel.ts";

const FOLDERS = [
  { folder: "draft", word: msg("Drafts"), icon: "ui_draft" },
  { folder: "waiting", word: msg("To send"), icon: "ui_outbox" },
  { folder: "sent", word: msg("Sent"), icon: "ui_check" },
] as const;
type Folder = (typeof FOLDERS)[number]["folder"];

const TICK_MS = 1_000;

export const outbox: MakeScreen = (phone, place) => new OutboxScreen(phone, place).made();

class OutboxScreen {
  private readonly phone: Phone;
  private readonly folder: Folder;
  private readonly thumbs: Thumbs;
  private readonly tabs = el("nav", { class: "folders" });
  private readonly panel: QueuePanel;
  private readonly list = el("ul", { class: "list entries" });
  private readonly empty = el("div", { class: "empty stack stack--close" });
  private readonly rows = new Map<string, OutboxRow>();
  private readonly ends: (() => void)[] = [];
  private held = false;

  constructor(phone: Phone, place: Place) {
    this.phone = phone;
    this.folder = folderOf(place, phone.state.counts());
    this.thumbs = new Thumbs(phone.state.box);
    this.panel = new QueuePanel(phone);
  }

  made(): Screen {
    const { state } = this.phone;
    const draw = () => this.draw();
    const values = [state.entries, state.edits, state.link, state.online, state.sending];
    const others = [state.device, state.incidents, state.quietUntil, state.mine.known];
    for (const value of [...values, ...others]) {
      this.ends.push((value as { changed(listener: () => void): () => void }).changed(draw));
    }
    const timer = setInterval(() => void this.tick(), TICK_MS);
    this.ends.push(() => clearInterval(timer));
    draw();
    void this.tick();
    const title = el("h1", { class: "screen-title" }, say("Outbox"));
    const panel = this.folder === "waiting" ? this.panel.node : null;
    const body = el("section", { class: "stack" }, title, this.tabs, panel, this.empty, this.list);
    return { title: plain("Outbox"), body, leave: () => this.leave() };
  }

  private leave(): void {
    for (const end of this.ends) end();
    this.thumbs.release();
  }

  /** Times pass, and the link changes its kind, without any event. */
  private async tick(): Promise<void> {
    const { state } = this.phone;
    await dropSpentReceipts(state, state.edits.value);
    this.held = state.holdOriginals.value && !(await originalsMayGo(state.box));
    this.draw();
  }

  private draw(): void {
    const around = circumstances(this.phone.state, this.held);
    this.drawTabs();
    this.panel.draw(around);
    const lines = new Map(this.lines(this.folder).map((line) => [idOf(line), line]));
    keepRows(this.list, this.rows, [...lines.keys()], () => new OutboxRow(this.thumbs));
    for (const [id, line] of lines) this.rows.get(id)?.draw(viewOf(this.phone, line, around));
    this.list.hidden = lines.size === 0;
    this.empty.hidden = lines.size > 0;
    redraw(this.empty, this.folder, () => emptyWords(this.folder));
  }

  private drawTabs(): void {
    const counts = FOLDERS.map(({ folder }) => this.lines(folder).length);
    redraw(this.tabs, counts, () => {
      this.tabs.setAttribute("aria-label", plain("Folders"));
      return FOLDERS.map((one, at) => {
        const href = `outbox?folder=${one.folder}`;
        const current = one.folder === this.folder ? "page" : null;
        return el(
          "a",
          { href: `/m/${href}`, "data-go": href, "aria-current": current },
          el("span", {}, say(one.word)),
          el("strong", {}, number(counts[at] ?? 0)),
        );
      });
    });
  }

  private lines(folder: Folder): Line[] {
    const { state } = this.phone;
    const entries = state.entries.value.filter((entry) => entry.folder === folder);
    const made: Line[] = inOrder(folder, entries).map((entry) => ({ kind: "entry", entry }));
    if (folder === "waiting") return [...made, ...this.edits()];
    return folder === "sent" ? [...made, ...this.olderReports()] : made;
  }

  /** Those that hang on what is sent; with what waits itself they go unseen. */
  private edits(): Line[] {
    const { state } = this.phone;
    return state.edits.value
      .filter(({ kind, target, delivery }) => {
        const waits = state.entry(target)?.folder === "waiting";
        return kind !== "read" && (!waits || delivery.state === "attention");
      })
      .map((edit) => ({ kind: "edit", edit }));
  }

  private olderReports(): Line[] {
    const { state } = this.phone;
    return reportsOf(state.mine.known.value)
      .filter(({ id }) => state.entry(id) === null)
      .sort((a, b) => Date.parse(b.properties.received_at) - Date.parse(a.properties.received_at))
      .map((report) => ({ kind: "report", report }));
  }
}

function folderOf({ query }: Place, counts: { draft: number; waiting: number }): Folder {
  const asked = FOLDERS.find(({ folder }) => folder === query.get("folder"))?.folder;
  return asked ?? (counts.waiting === 0 && counts.draft > 0 ? "draft" : "waiting");
}

/** What needs a person first, then as it is sent; the other folders by age, newest first. */
function inOrder(folder: Folder, entries: readonly Entry[]): readonly Entry[] {
  if (folder !== "waiting") return entries;
  const rank = (entry: Entry) =>
    worstOf(entry).state === "attention" ? 0 : isUrgent(entry) ? 1 : 2;
  return [...entries].sort((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt);
}

function idOf(line: Line): string {
  if (line.kind === "entry") return line.entry.id;
  return line.kind === "edit" ? `edit ${line.edit.id}` : line.report.id;
}

function emptyWords(folder: Folder): Node[] {
  if (folder === "draft") {
    const shoot = el("a", { class: "button", href: "/m/", "data-go": "" }, icon("ui_camera"));
    shoot.append(say("Take a picture"));
    return [el("p", {}, say("No drafts. What you begin is kept here by itself.")), shoot];
  }
  if (folder === "waiting") return [el("p", {}, say("Nothing waits: everything has arrived."))];
  return [el("p", {}, say("Nothing sent from this phone yet."))];
}
