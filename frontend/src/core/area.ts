/** Which municipalities a headquarters looks after. */

/** Six-digit codes; the server has added the wards of each city. */
export function inArea(code: string | null, area: readonly string[]): boolean {
  // Without a municipality a report could be anybody's: everybody sees it.
  return area.length === 0 || !code || area.includes(code);
}
