/** Writing in headquarters' log without leaving what is being looked at. */

import { t } from "../core/language.ts";
import type { Report } from "../core/report.ts";
import { button, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import type { Desk } from "./desk.ts";
import { fetchForm, setUpLogForm } from "./log_form.ts";

const TOLD_MS = 5_000;

/** From the desk: about the open report, or about nothing. */
export function writeInLog(desk: Desk): void {
  const about = desk.report ? { about: desk.report.id } : undefined;
  void openLogDialog(desk.page.urls.log, new URLSearchParams(about));
}

/** The part of a report's detail: the way into the log, and to what stands there of it. */
export function logPart(report: Report, desk: Desk): HTMLElement {
  const write = button("", () => writeInLog(desk), { id: "write-in-log", title: "L" });
  write.append(icon("ui_write"), t("Write in the log…"));
  const href = `${desk.page.urls.log}?report=${report.id}`;
  const read = el("a", { href }, t("Its entries in the log"));
  return el("p", { class: "buttons log-part" }, write, read);
}

/** `query`: what the form begins with; `written`: it stands in the log. */
export async function openLogDialog(
  url: string,
  query: URLSearchParams,
  written: () => void = () => undefined,
): Promise<void> {
  if (document.querySelector("dialog.log-dialog")) return;
  const dialog = el("dialog", { class: "log-dialog" });
  dialog.addEventListener("close", () => dialog.remove());
  try {
    show(dialog, await fetchForm(url, query), written);
  } catch {
    dialog.append(
      el("p", { class: "error" }, t("The log cannot be reached just now.")),
      el(
        "p",
        { class: "buttons" },
        button(t("Close"), () => dialog.close()),
      ),
    );
  }
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea")?.focus();
}

function show(dialog: HTMLDialogElement, form: HTMLFormElement, written: () => void): void {
  makeIdsItsOwn(form);
  form.querySelector(".buttons a.button")?.remove();
  const cancel = button(t("Cancel"), () => dialog.close());
  form.querySelector(".buttons button.primary")?.after(cancel);
  dialog.replaceChildren(form);
  setUpLogForm(form, {
    written: () => {
      dialog.close();
      tell(t("Written in the log."));
      written();
    },
    again: (fresh) => show(dialog, fresh, written),
  });
}

/** The page below may show the same form. */
function makeIdsItsOwn(form: HTMLFormElement): void {
  for (const name of ["id", "list", "aria-labelledby", "aria-describedby"]) {
    for (const one of [form, ...form.querySelectorAll(`[${name}]`)]) {
      const id = one.getAttribute(name);
      if (id) one.setAttribute(name, `dialog-${id}`);
    }
  }
}

function tell(words: string): void {
  const told = el("p", { class: "log-told", role: "status" }, icon("ui_check"), words);
  document.body.append(told);
  setTimeout(() => told.remove(), TOLD_MS);
}
