/** Which municipality codes an area covers (全国地方公共団体コード); as gspace/municipality_codes.py. */

/**
 * Designated cities (政令指定都市), five digits. A ward's code lies between its city's and the next
 * one's.
 */
const CITIES = (
  "01100 04100 11100 12100 14100 14130 14150 15100 22100 22130 " +
  "23100 26100 27100 27140 28100 33100 34100 40100 40130 43100"
).split(" ");
const CODE = /^\d{6}$/;

/** What has no municipality; beside codes, as the server takes it. */
export const NOWHERE = "-";

export function isAreaCode(text: string): boolean {
  return text === NOWHERE || (CODE.test(text) && isPrefecture(text) && checks(text));
}

function isPrefecture(code: string): boolean {
  const number = Number(code.slice(0, 2));
  return number >= 1 && number <= 47;
}

/** Weights 6 5 4 3 2, modulus 11: a mistyped code is none. */
function checks(code: string): boolean {
  const sum = [6, 5, 4, 3, 2].reduce((all, weight, at) => all + weight * Number(code[at]), 0);
  return Number(code[5]) === (11 - (sum % 11)) % 10;
}

/** Whether a report of `code` belongs to `area`: the same, its ward, or in its prefecture. */
export function covers(area: string, code: string | null): boolean {
  if (area === NOWHERE || !code) return area === NOWHERE && !code;
  const [first, last] = span(area.slice(0, 5));
  const five = code.slice(0, 5);
  return first <= five && five <= last;
}

/** Without those that others among them cover: a prefecture needs no names of its towns. */
export function fewest(codes: readonly string[]): string[] {
  const isCovered = (code: string) =>
    codes.some((other) => other !== code && other !== NOWHERE && covers(other, code));
  return [...new Set(codes)].filter((code) => code === NOWHERE || !isCovered(code)).sort();
}

function span(five: string): [string, string] {
  const prefecture = five.slice(0, 2);
  if (five.slice(2) === "000") return [five, `${prefecture}999`];
  if (!CITIES.includes(five)) return [five, five];
  const next = CITIES.find((city) => city.startsWith(prefecture) && city > five);
  return [five, String(Number(next ?? `${prefecture}200`) - 1).padStart(5, "0")];
}
