/** A toast names what was done, and takes it back: by its button, or by U for as long as it likes. */

import type { Deed } from "../core/deeds.ts";
import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, byId, el } from "../dom/element.ts";
import { sendBulk } from "./bulk_send.ts";
import { undoneWords } from "./deed_words.ts";
import type { Desk } from "./desk.ts";

/** How long a toast stays; U works afterwards as well (ms). */
const STAYS_MS = 12_000;

export function setUpUndo(desk: Desk): void {
  desk.deeds.last.changed((deed) => {
    if (deed) showDone(deed, desk);
  });
}

let leaves: ReturnType<typeof setTimeout> | undefined;

function showDone(deed: Deed, desk: Desk): void {
  const back = button(t("Undo"), () => void undoLast(desk), { id: "undo", title: "U" });
  back.append(" ", el("kbd", {}, "U"));
  toast(deed.words, back);
}

/** Says something over the map for a while. */
export function toast(words: string, act: HTMLElement | null = null): void {
  const box = byId("toast");
  const away = button("×", hide, { class: "link", "aria-label": t("Close") });
  box.replaceChildren(el("span", { class: "toast-words" }, words), ...(act ? [act] : []), away);
  box.hidden = false;
  clearTimeout(leaves);
  leaves = setTimeout(hideUnlessUsed, STAYS_MS);
}

/** What was asked for and did not happen: of which report, as another one may be open by now. */
export function toastFailed({ properties }: Report, why: string): void {
  toast(`${properties.receipt}: ${why}`);
}

function hide(): void {
  clearTimeout(leaves);
  byId("toast").hidden = true;
}

function hideUnlessUsed(): void {
  const box = byId("toast");
  if (box.matches(":hover") || box.contains(document.activeElement)) {
    leaves = setTimeout(hideUnlessUsed, STAYS_MS);
  } else hide();
}

/** Takes back what was done last here, unless somebody has changed it since. */
export function undoLast(desk: Desk): Promise<void> {
  return desk.deeds.afterAll(() => tryUndoingLast(desk));
}

async function tryUndoingLast(desk: Desk): Promise<void> {
  const deed = desk.deeds.take();
  if (!deed) return toast(t("There is nothing to take back."));
  const done = await sendBulk(desk, deed.reports, { undo: true });
  const through = new Set(done.changed.map(({ id }) => id));
  desk.deeds.undone(deed.reports.filter(({ id }) => through.has(id)));
  if (done.unsent.length > 0) desk.deeds.did({ ...deed, reports: done.unsent });
  toast(undoneWords(done, deed.words));
  if (deed.reports.length === 1 && deed.reports[0]) desk.open(deed.reports[0].id);
}
