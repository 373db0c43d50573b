/** The server's clock: a desk whose own runs five minutes late would alarm five minutes late. */

let ahead = 0;

/** now: the server's, RFC 3339, when this page was made. */
export function useServerTime(now: string): void {
  const told = Date.parse(now);
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

/** ms since 1970. */
export function serverNow(): number {
  return Date.now() + ahead;
}
