/** Which municipalities a headquarters looks after; the same rule as the list filter `area`. */

/**
 * Six-digit codes. A city's code covers its wards: they share the first four digits with a city
 * code whose third to fifth digits end in 00 (a prefecture's 000 is not a city).
 */
export function inArea(code: string | null, area: readonly string[]): boolean {
  // Without a municipality a report could be anybody's: everybody sees it.
  if (area.length === 0 || !code) return true;
  return area.some((own) => own === code || (isCity(own) && own.slice(0, 4) === code.slice(0, 4)));
}

function isCity(code: string): boolean {
  const digits = code.slice(2, 5);
  return digits.endsWith("00") && digits !== "000";
}
