/**
 * Buttons that store at once without leaving the page. Each form works without this: it is sent as
 * it is, and the server's answer is the same form again, which takes its place.
 */

import { t } from "../core/language.ts";
import { el } from "../dom/element.ts";

const TIMEOUT_MS = 20_000;
/** What was pressed while another answer is on its way waits its turn: nothing is lost. */
let last: Promise<void> = Promise.resolve();

export function setUpLiveForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.live) return;
    event.preventDefault();
    const pressed = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    const body = bodyOf(form, pressed);
    pressed?.setAttribute("aria-busy", "true");
    last = last.then(() => send(form.id, form.action, body, pressed));
  });
}

function bodyOf(form: HTMLFormElement, pressed: HTMLButtonElement | null): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  if (pressed?.name) body.append(pressed.name, pressed.value);
  body.set("part", form.dataset.live ?? "");
  return body;
}

async function send(
  id: string,
  action: string,
  body: URLSearchParams,
  pressed: HTMLButtonElement | null,
): Promise<void> {
  try {
    const fresh = await ask(action, body);
    if (fresh) replace(id, fresh, body);
    else refuse(id, t("Not stored: you are signed out. Sign in again, then press once more."));
  } catch {
    refuse(id, t("Not stored: no connection. Press once more."));
  } finally {
    pressed?.removeAttribute("aria-busy");
  }
}

/** The form as it is now; null where the answer is another page: the login. */
async function ask(action: string, body: URLSearchParams): Promise<HTMLFormElement | null> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(action, { method: "POST", body, signal, credentials: "same-origin" });
  if (answer.status >= 500) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector<HTMLFormElement>("form[data-live]");
  return form && document.importNode(form, true);
}

function replace(id: string, fresh: HTMLFormElement, body: URLSearchParams): void {
  const old = document.getElementById(id);
  if (!(old instanceof HTMLFormElement)) return;
  const typed = numberOf(old);
  const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  old.replaceWith(fresh);
  const field = fresh.querySelector<HTMLInputElement>("input[name=persons]");
  if (field && typed !== null && typed !== body.get("persons")) field.value = typed;
  if (focused) fresh.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
  tell(fresh.querySelector(".state__told, .banner--error, .field__error")?.textContent ?? "");
}

function numberOf(form: HTMLFormElement): string | null {
  return form.querySelector<HTMLInputElement>("input[name=persons]")?.value ?? null;
}

/** A selector for the same control in the new form. */
function nameOf(control: Element | null): string | null {
  if (control instanceof HTMLInputElement) return `input[name="${CSS.escape(control.name)}"]`;
  if (!(control instanceof HTMLButtonElement)) return null;
  const { name, value } = control;
  return `button[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]:not(.unseen)`;
}

function refuse(id: string, words: string): void {
  const form = document.getElementById(id);
  form?.querySelector(".state__refused")?.remove();
  form?.querySelector(".state__told")?.remove();
  form?.prepend(el("p", { class: "banner banner--error state__refused" }, words));
  tell(words);
}

/** The visible words come and go with the form; a screen reader hears only what stays. */
function tell(words: string): void {
  const line = document.querySelector("[data-told]");
  if (line) line.textContent = words.trim();
}
