/**
 * Text made alike for looking things up: width and case (NFKC), hiragana for katakana (ヶ as け),
 * one dash for all dashes and long marks, no blanks. The same in layers/search.py, and for reports
 * in the database (find_fold): fixtures/filter_examples.json holds both to the same answers.
 */

const KATAKANA = /[\u30a1-\u30f6]/g;
/** Control characters too, which the server refuses or splits at. The ends of lines stay, so that no word is found across two. */
const BLANKS = /[\s\p{Cc}]+/u;
/** LIMIT_FILTER_WORDS of the server, which refuses more. */
const MOST_WORDS = 20;
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
    .replace(/[ \t]+/g, "");
}

/** Whether every word is found somewhere in the text; no words are found in all of them. */
export function holdsWords(text: string, words: string): boolean {
  const wanted = split(words).map(fold).filter(Boolean);
  if (wanted.length === 0) return true;
  const folded = fold(text);
  return wanted.every((word) => folded.includes(word));
}

export function split(words: string): string[] {
  return words.split(BLANKS).filter(Boolean).slice(0, MOST_WORDS);
}
