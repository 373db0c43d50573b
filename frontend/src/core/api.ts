/** HTTP to our own API: JSON in and out, problem+json (RFC 9457) as a typed error. */

import { givingUp } from "./giving_up.ts";

export interface ProblemBody {
  readonly type?: string;
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly field?: string;
  readonly errors?: readonly { readonly field?: string; readonly message?: string }[];
  /** With 412: the feature as it is now. */
  readonly current?: unknown;
}

/** The server answered, and refused. Network failures stay what fetch throws (TypeError). */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? String(status);
    this.body = body;
  }
}

export interface ApiOptions {
  readonly csrf: string;
  readonly fetch?: typeof fetch;
  /** An answer that takes longer is as good as none (ms). */
  readonly timeoutMs?: number;
}

export class Api {
  private readonly options: ApiOptions;

  constructor(options: ApiOptions) {
    this.options = options;
  }

  /** unwanted: aborts once nobody waits for the answer any more. */
  async get<T>(url: string, unwanted?: AbortSignal): Promise<T> {
    return this.send<T>(url, { method: "GET", headers: { Accept: ACCEPT } }, unwanted);
  }

  /** `version` is what the caller has seen: If-Match turns a crossing edit into a 412. */
  async patch<T>(url: string, body: object, version: number): Promise<T> {
    const headers = { ...this.writing(), "If-Match": `"${version}"` };
    return this.send<T>(url, { method: "PATCH", headers, body: JSON.stringify(body) });
  }

  async post<T>(url: string, body: object, version?: number): Promise<T> {
    const match = version === undefined ? {} : { "If-Match": `"${version}"` };
    const headers = { ...this.writing(), ...match };
    return this.send<T>(url, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** null where the server has nothing to say. */
  async put<T = null>(url: string, body?: object): Promise<T> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.send<T>(url, { method: "PUT", headers: this.writing(), ...content });
  }

  /** null where the server has nothing to say. */
  async remove<T>(url: string, version?: number): Promise<T | null> {
    const match = version === undefined ? {} : { "If-Match": `"${version}"` };
    return this.send<T | null>(url, { method: "DELETE", headers: { ...this.writing(), ...match } });
  }

  private writing(): Record<string, string> {
    const type = "application/json";
    return { Accept: ACCEPT, "Content-Type": type, "X-CSRFToken": this.options.csrf };
  }

  private async send<T>(url: string, init: RequestInit, unwanted?: AbortSignal): Promise<T> {
    const send = this.options.fetch ?? fetch;
    const signal = givingUp(this.options.timeoutMs ?? 20_000, unwanted);
    const answer = await send(url, { ...init, signal, credentials: "same-origin" });
    const body = await readBody(answer);
    if (!answer.ok) throw new Problem(answer.status, (body ?? {}) as ProblemBody);
    return body as T;
  }
}

const ACCEPT = "application/json, application/geo+json, application/problem+json";

/** null for an empty or foreign body: a proxy's HTML error page is not our problem+json. */
async function readBody(answer: Response): Promise<unknown> {
  const type = answer.headers.get("Content-Type") ?? "";
  if (!/[/+]json/.test(type)) return null;
  return answer.json();
}
