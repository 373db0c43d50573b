/**
 * The API from the page, with this phone's own key: JSON in and out. Refusals are `Problem`s; what
 * is not the service's own answer (no network, a login page in the way) is `NoAnswer`.
 */

import { Problem, type ProblemBody } from "../core/api.ts";
import type { Why } from "../outbox/entry.ts";
import { DEVICE } from "../outbox/sender.ts";
import { foreign, isObject, noAnswer, WORDS_TIMEOUT_MS } from "../outbox/wire.ts";
import { PHOTOS } from "../service-worker/caches.ts";
import type { Device, State } from "./state.ts";

/** Nothing that counts came back: to be tried again later. `why.code`: offline, timeout, portal, server. */
export class NoAnswer extends Error {
  readonly why: Why;

  constructor(why: Why) {
    super(why.code);
    this.why = why;
  }
}

/** `path`: below /api/v1/ ("devices/me"), or whole when it begins with a slash. */
export interface Service {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  patch<T>(path: string, body: object): Promise<T>;
}

export function service(state: State): Service {
  const asking =
    (method: string) =>
    <T>(path: string, body?: object) =>
      asDevice<T>(state, method, addressOf(state, path), body);
  return { get: asking("GET"), post: asking("POST"), put: asking("PUT"), patch: asking("PATCH") };
}

export function addressOf(state: State, path: string): string {
  return path.startsWith("/") ? path : state.page.urls.api + path;
}

async function asDevice<T>(state: State, method: string, url: string, body?: object): Promise<T> {
  const token = state.device.value?.token;
  if (!token) throw new Problem(401, { code: "not_signed_in" });
  const headers = { Authorization: `Bearer ${token}` };
  try {
    const answer = await exchange<T>(url, { method, headers, credentials: "omit" }, body);
    await setLockedOut(state, token, null);
    return answer;
  } catch (error) {
    if (isLockedOut(error)) await setLockedOut(state, token, Date.now());
    throw error;
  }
}

function isLockedOut(error: unknown): boolean {
  if (!(error instanceof Problem) || error.status !== 401) return false;
  return error.code === "token_invalid" || error.code === "not_signed_in";
}

/** Only marks: whatever waits on this phone stays, and a new invitation sends it. */
async function setLockedOut(state: State, token: string, at: number | null): Promise<void> {
  if ((state.device.value?.lockedOut ?? null) === at) return;
  const kept = await state.box.kept<Device>(DEVICE);
  // meanwhile the phone may have joined anew
  if (kept?.token !== token || (at !== null && kept.lockedOut)) return;
  await state.box.keep(DEVICE, { ...kept, lockedOut: at });
  if (at !== null && "caches" in globalThis) await caches.delete(PHOTOS);
}

/** One request; the answer only if it is JSON of our own service. */
export async function exchange<T>(url: string, init: RequestInit, body?: object): Promise<T> {
  const answer = await fetched(url, init, body);
  const said = await json(answer);
  if (answer.ok && said !== null) return said as T;
  if (isObject(said) && typeof said.code === "string" && answer.status >= 400) {
    throw new Problem(answer.status, said as ProblemBody);
  }
  if (answer.status >= 500) throw new NoAnswer({ code: "server", status: answer.status });
  throw new NoAnswer(whyOf(foreign(answer.status)));
}

async function fetched(url: string, init: RequestInit, body?: object): Promise<Response> {
  const sent = body && { body: JSON.stringify(body) };
  const type = body && { "Content-Type": "application/json" };
  const headers = { Accept: ACCEPT, ...type, ...(init.headers as Record<string, string>) };
  try {
    return await fetch(url, {
      ...init,
      ...sent,
      headers,
      // a redirect leads to somebody's login page; our own addresses do not move
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(WORDS_TIMEOUT_MS),
    });
  } catch (error) {
    throw new NoAnswer(whyOf(noAnswer(error)));
  }
}

const ACCEPT = "application/json, application/geo+json, application/problem+json";

function whyOf(outcome: ReturnType<typeof foreign>): Why {
  return outcome.kind === "done" ? { code: "server" } : outcome.why;
}

/** null for what is no JSON, whatever it calls itself, and for a body that was cut. */
async function json(answer: Response): Promise<unknown> {
  if (!/[/+]json/.test(answer.headers.get("Content-Type") ?? "")) return null;
  try {
    return await answer.json();
  } catch {
    return null;
  }
}
