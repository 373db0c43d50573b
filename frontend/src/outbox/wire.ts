/**
 * One request to the service, and what its answer proves. Between the phone and the service stand
 * login pages of Wi-Fi networks, proxies and dying links: only an answer in the service's own form
 * counts, everything else means "later".
 */

import type { Why } from "./entry.ts";

export type Outcome<T> =
  | { readonly kind: "done"; readonly body: T }
  /** Not now. `everything`: no use in trying other work at once. `afterMs`: as the service asked. */
  | {
      readonly kind: "later";
      readonly why: Why;
      readonly everything: boolean;
      readonly afterMs: number | null;
    }
  /** The service has looked at it and said no; a person must. */
  | { readonly kind: "attention"; readonly why: Why }
  /** This phone's key is not valid (any more). */
  | { readonly kind: "locked"; readonly why: Why };

export interface Wire {
  readonly fetch: typeof fetch;
  readonly token: string;
  readonly now: () => number;
}

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ArrayBuffer;
  readonly timeoutMs?: number;
}

export const WORDS_TIMEOUT_MS = 20_000;
export const LONGEST_QUIET_MS = 15 * 60_000;
// they mean "later" whoever says them: a time-out, too early, too many, a broken or full service
const LATER = new Set([408, 423, 425, 429]);

/** The bare answer, or why there is none. */
export async function ask(wire: Wire, { path, ...given }: Ask): Promise<Response | Outcome<never>> {
  try {
    return await wire.fetch(path, {
      method: given.method,
      headers: { Authorization: `Bearer ${wire.token}`, ...given.headers },
      ...(given.body !== undefined && { body: given.body }),
      signal: AbortSignal.timeout(given.timeoutMs ?? WORDS_TIMEOUT_MS),
      // a redirect leads to somebody's login page; our own addresses do not move
      redirect: "manual",
      credentials: "omit",
      cache: "no-store",
    });
  } catch (error) {
    return noAnswer(error);
  }
}

export function isOutcome(value: Response | Outcome<never>): value is Outcome<never> {
  return "kind" in value;
}

/** Sends JSON and takes only a JSON 200 or 201 that `proves` accepts as about this very thing. */
export async function send<T>(
  wire: Wire,
  given: Ask,
  proves: (body: unknown) => body is T,
): Promise<Outcome<T>> {
  const answer = await ask(wire, given);
  if (isOutcome(answer)) return answer;
  if (answer.status !== 200 && answer.status !== 201) return refused(answer, wire.now());
  const body = await json(answer);
  return proves(body) ? { kind: "done", body } : foreign(answer.status);
}

/** What a failing answer means. Never "done". */
export async function refused(answer: Response, now: number): Promise<Outcome<never>> {
  const problem = await problemOf(answer);
  const { status } = answer;
  if (LATER.has(status) || status >= 500) return notNow(answer, problem, now);
  if (!problem) return foreign(status);
  const why = whyOf(problem, status);
  return status === 401 ? { kind: "locked", why } : { kind: "attention", why };
}

export function noAnswer(error: unknown): Outcome<never> {
  const { name } = (error ?? {}) as { name?: string };
  const code = name === "TimeoutError" || name === "AbortError" ? "timeout" : "offline";
  return { kind: "later", why: { code }, everything: true, afterMs: null };
}

/** Somebody answered, but not in the service's form: a login page, a proxy. */
export function foreign(status: number): Outcome<never> {
  return { kind: "later", why: { code: "portal", status }, everything: true, afterMs: null };
}

interface ProblemSaid {
  readonly code: string;
  readonly detail?: string;
}

function notNow(answer: Response, problem: ProblemSaid | null, now: number): Outcome<never> {
  const why = problem ? whyOf(problem, answer.status) : { code: "server", status: answer.status };
  // a full disk takes words, and an upload that is held by another request is only its own affair
  const everything = answer.status !== 507 && answer.status !== 423;
  return { kind: "later", why, everything, afterMs: retryAfterMs(answer, now) };
}

function whyOf(problem: ProblemSaid, status: number): Why {
  return { code: problem.code, status, ...(problem.detail && { detail: problem.detail }) };
}

/** Retry-After (RFC 9110, 10.2.3): seconds or a date; capped, as some proxies ask for days. */
function retryAfterMs(answer: Response, now: number): number | null {
  const said = answer.headers.get("Retry-After");
  if (!said) return null;
  const ms = /^\d+$/.test(said.trim()) ? Number(said) * 1000 : Date.parse(said) - now;
  return Number.isFinite(ms) ? Math.min(LONGEST_QUIET_MS, Math.max(0, ms)) : null;
}

async function problemOf(answer: Response): Promise<ProblemSaid | null> {
  const body = (await json(answer)) as Partial<ProblemSaid> | null;
  return body && typeof body.code === "string" ? (body as ProblemSaid) : null;
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

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
