/** How the server says that the one who asks is not, or no longer, who this page was made for. */

export type Refusal = "signed_out" | "forbidden";

/** Close codes of the websocket (DESIGN 4.5). */
export const SIGNED_OUT = 4401;
export const FORBIDDEN = 4403;

const REFUSALS: Readonly<Record<number, Refusal>> = {
  [SIGNED_OUT]: "signed_out",
  [FORBIDDEN]: "forbidden",
};

export function refusalOfClose(code: number): Refusal | null {
  return REFUSALS[code] ?? null;
}

/** What an HTTP error says about our rights; anything without a status is only the network. */
export function refusalOf(error: unknown): Refusal | null {
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 401) return "signed_out";
  return status === 403 ? "forbidden" : null;
}
