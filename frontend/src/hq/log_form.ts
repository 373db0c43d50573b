/**
 * The form of headquarters' log. It works without this: then it is sent as it is. With this it is
 * sent without leaving the page, and what was typed outlives a failed try.
 */

import { t } from "../core/language.ts";
import { exactTime } from "../core/times.ts";
import { el } from "../dom/element.ts";

const TIMEOUT_MS = 20_000;
const TICK_MS = 5_000;

export interface Done {
  /** It stands in the log; here is a blank form for the next line. */
  readonly written: (fresh: HTMLFormElement) => void;
  /** The server's form with what is wrong, in the place of this one. */
  readonly again: (form: HTMLFormElement) => void;
}

/** The form as the server begins it: `about` a report, `corrects` or `settles` a line. */
export async function fetchForm(url: string, query: URLSearchParams): Promise<HTMLFormElement> {
  const asked = new URLSearchParams(query);
  asked.set("part", "form");
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(`${url}?${asked}`, { signal, credentials: "same-origin" });
  const form = answer.ok ? await formOf(answer) : null;
  if (!form) throw new Error(String(answer.status));
  return form;
}

export function setUpLogForm(form: HTMLFormElement, done: Done): void {
  const first = { at: value(form, "at"), now: value(form, "now") };
  keepNow(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form, done);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("change", (event) => {
    const { name, value: kind } = event.target as HTMLInputElement;
    if (name === "kind" && first.now === "" && value(form, "corrects") === "") {
      turn(form, kind, first.at);
    }
  });
}

/** A time that nobody has touched goes with the clock. */
function keepNow(form: HTMLFormElement): void {
  const timer = setInterval(() => {
    if (!form.isConnected) clearInterval(timer);
    else if (value(form, "now") !== "" && value(form, "at") === value(form, "now")) setNow(form);
  }, TICK_MS);
}

/**
 * Begun from a report, the line is the report, at the time it came in. Told as anything else it
 * happens now, and from here: what was not typed by hand is turned round.
 */
function turn(form: HTMLFormElement, kind: string, received: string): void {
  const untouched = [received, value(form, "now")].includes(value(form, "at"));
  const turned = value(form, "now") !== "";
  if (!untouched || (kind === "report") !== turned) return;
  const [from, to] = [value(form, "sender"), value(form, "receiver")];
  set(form, "sender", to);
  set(form, "receiver", from);
  if (kind !== "report") {
    setNow(form);
    return;
  }
  set(form, "at", received);
  set(form, "now", "");
}

function setNow(form: HTMLFormElement): void {
  const now = exactTime(new Date().toISOString()).slice(0, 16).replace(" ", "T");
  set(form, "at", now);
  set(form, "now", now);
}

async function send(form: HTMLFormElement, done: Done): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button.primary");
  // pressed again while it is under way: it has one id and is written once
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await post(form);
    const fresh = answer.redirected ? null : await formOf(answer);
    if (!fresh) refuse(form, t("Not written: you are signed out. Sign in again in another tab."));
    else if (answer.status === 201) done.written(fresh);
    else done.again(fresh);
  } catch {
    refuse(form, t("Not written: no connection. Your words are still here. Press once more."));
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

async function post(form: HTMLFormElement): Promise<Response> {
  const body = new URLSearchParams();
  for (const [name, said] of new FormData(form)) body.append(name, String(said));
  body.set("part", "form");
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const sent = { method: "POST", body, signal, credentials: "same-origin" } as const;
  const answer = await fetch(form.action, sent);
  if (answer.status >= 500) throw new Error(String(answer.status));
  return answer;
}

async function formOf(answer: Response): Promise<HTMLFormElement | null> {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector<HTMLFormElement>("form.log-form");
  return form && document.importNode(form, true);
}

function refuse(form: HTMLFormElement, words: string): void {
  form.querySelector(".log-refused")?.remove();
  form.querySelector("h2")?.after(el("p", { class: "error log-refused", role: "alert" }, words));
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

function value(form: HTMLFormElement, name: string): string {
  return field(form, name)?.value ?? "";
}

function set(form: HTMLFormElement, name: string, said: string): void {
  const found = field(form, name);
  if (found) found.value = said;
}
