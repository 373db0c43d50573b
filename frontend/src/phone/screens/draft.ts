/** A report being written. Every field is kept as it changes; three taps make a report. */

import { button, el } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import { plain, say } from "../../dom/say.ts";
import type { ReportEntry } from "../../outbox/entry.ts";
import { fromGallery, keepTaken } from "../camera/capture.ts";
import { finished } from "../camera/finished.ts";
import { picker } from "../camera/picker.ts";
import { CategoryPart } from "../draft/category.ts";
import { IncidentPart } from "../draft/incident.ts";
import type { Keep, Part } from "../draft/part.ts";
import { PhotosPart } from "../draft/photos.ts";
import { SeverityPart } from "../draft/severity.ts";
import { WherePart } from "../draft/where.ts";
import { CommentPart, FloorPart } from "../draft/words.ts";
import { sure } from "../frame/ask.ts";
import { rescueBanner } from "../frame/rescue.ts";
import { go } from "../frame/router.ts";
import { Thumbs } from "../frame/thumbs.ts";
import { Keeper, recoverTyped } from "../keeper.ts";
import { position } from "../place/position.ts";
import { discard, finish } from "../reports.ts";
import type { MakeScreen, Phone, Screen } from "../screen.ts";
import { CURRENT_DRAFT } from "../state.ts";

export const draft: MakeScreen = async (phone, { parts }) => {
  const id = parts[1] ?? "";
  await recoverTyped(phone.state, id);
  const entry = await phone.state.box.entry(id);
  if (entry?.kind === "report" && entry.folder === "draft") {
    await phone.state.box.keep(CURRENT_DRAFT, id);
    return new Draft(phone, entry);
  }
  // sent off meanwhile: what can still be done with it is on its own screen
  if (entry) go(`report/${id}`, { replace: true });
  return gone();
};

function gone(): Screen {
  const camera = el("a", { class: "button", href: "/m/", "data-go": "" }, say("To the camera"));
  const words = say("This draft is not on this phone any more.");
  const body = el("section", { class: "stack" }, el("p", { class: "empty" }, words), camera);
  return { title: plain("Draft"), body };
}

function laterLook(): Node {
  const words = el("span", {}, say("A later look at a place that was reported before."));
  return el("p", { class: "banner" }, icon("ui_next"), words);
}

class Draft implements Screen {
  readonly title = plain("Draft");
  readonly tab = "shoot";
  readonly body: HTMLElement;
  private readonly phone: Phone;
  private readonly keeper: Keeper;
  private readonly thumbs: Thumbs;
  private readonly parts: readonly Part[];
  private readonly category: CategoryPart;
  private readonly rescue = rescueBanner();
  private readonly status = el("p", { class: "kept", role: "status" });
  private readonly files = picker({ multiple: true }, (files) => void this.addOlder(files));
  private readonly ends: (() => void)[] = [];
  private entry: ReportEntry;

  constructor(phone: Phone, entry: ReportEntry) {
    const { state } = phone;
    this.phone = phone;
    this.entry = entry;
    this.keeper = new Keeper(state, entry.id);
    this.thumbs = new Thumbs(state.box);
    const keep: Keep = (said) => this.keep(said);
    this.category = new CategoryPart(state, keep);
    this.parts = [
      new PhotosPart(state, this.thumbs, {
        camera: () => void this.leaveFor(`?to=${entry.id}`),
        older: () => void this.pickOlder(),
      }),
      this.category,
      new SeverityPart(state, keep),
      new WherePart(keep, () => void this.leaveFor(`place/${entry.id}`)),
      new FloorPart(keep),
      new CommentPart(keep),
      new IncidentPart(state),
    ];
    this.body = this.built();
    this.follow();
  }

  leave(): void {
    void this.keeper.saved();
    for (const end of this.ends.splice(0)) end();
    this.thumbs.release();
  }

  private follow(): void {
    const { state } = this.phone;
    const tick = setInterval(() => this.show(), 5_000);
    this.ends.push(
      position.hold(),
      state.entries.changed(() => this.reread()),
      state.incidents.changed(() => this.show()),
      this.keeper.safe.watch((safe) => this.tell(safe)),
      () => clearInterval(tick),
    );
    this.show();
  }

  /** What a person has just said counts before it has come back from the box. */
  private keep(said: Parameters<Keep>[0]): void {
    this.entry = { ...this.entry, content: { ...this.entry.content, ...said } };
    this.keeper.keep(said);
    this.show();
  }

  private reread(): void {
    const found = this.phone.state.entry(this.entry.id);
    if (found?.kind !== "report" || this.keeper.isBusy) return;
    this.entry = found;
    this.show();
  }

  private show(): void {
    for (const part of this.parts) part.update(this.entry);
    this.rescue.hidden = this.entry.content.category !== "rescue";
  }

  private tell(safe: boolean): void {
    this.status.className = safe ? "kept" : "kept kept--not";
    const words = safe
      ? say("Saved on this phone")
      : say("The last words could not be saved: the storage of this phone may be full.");
    this.status.replaceChildren(icon(safe ? "ui_check" : "ui_alert"), el("span", {}, words));
  }

  private built(): HTMLElement {
    const [photos, category, ...others] = this.parts.map(({ element }) => element);
    const send = button("", () => void this.send(), { class: "button button--main button--wide" });
    send.append(say("Send"));
    const remove = button("", () => void this.remove(), { class: "button button--danger" });
    remove.append(icon("ui_trash"), say("Delete this draft"));
    return el(
      "section",
      { class: "draft stack" },
      el("h1", { class: "unseen" }, say("Draft")),
      this.status,
      this.entry.content.follows && laterLook(),
      photos,
      category,
      ...others,
      el("p", {}, remove),
      this.files,
      el("div", { class: "dock" }, this.rescue, send),
    );
  }

  private async send(): Promise<void> {
    if (this.entry.content.category === null) return this.category.askFor();
    await this.keeper.saved();
    if (!this.keeper.safe.value) return;
    await finish(this.phone.state, this.entry.id);
    finished.set(this.entry.id);
    go("", { replace: true });
  }

  private async leaveFor(path: string): Promise<void> {
    await this.keeper.saved();
    go(path);
  }

  /** Pickers must open within the tap: waited for only while something is being written. */
  private async pickOlder(): Promise<void> {
    if (this.keeper.isBusy) await this.keeper.saved();
    this.files.click();
  }

  private async addOlder(files: readonly File[]): Promise<void> {
    await keepTaken(this.phone.state, await fromGallery(files), this.entry.id);
  }

  private async remove(): Promise<void> {
    const question = say("Delete this draft with its pictures? Nothing of it has been sent.");
    if (!(await sure({ question, action: say("Delete"), danger: true }))) return;
    await discard(this.phone.state, this.entry.id);
    await this.phone.state.box.keep(CURRENT_DRAFT, null);
    go("", { replace: true });
  }
}
