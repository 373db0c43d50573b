/**
 * Text made alike for looking things up: width and case (NFKC), hiragana for katakana (ヶ as け),
 * one dash for all dashes and long marks, no blanks. The same in layers/search.py.
 */

const KATAKANA = /[\u30a1-\u30f6]/g;
const DASHES = /[‐‑‒–—―−ー-]/g;
/** From a katakana to its hiragana. */
const KANA_STEP = 0x60;

export function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLocaleLowerCase("en")
    .replace(KATAKANA, (kana) => String.fromCharCode(kana.charCodeAt(0) - KANA_STEP))
    .replace(/\u3096/g, "け")
    .replace(DASHES, "-")
    .replace(/\s+/g, "");
}

/** Whether every word is found somewhere in the text; no words are found in all of them. */
export function holdsWords(text: string, words: string): boolean {
  const wanted = words.split(/\s+/).map(fold).filter(Boolean);
  if (wanted.length === 0) return true;
  const folded = fold(text);
  return wanted.every((word) => folded.includes(word));
}
