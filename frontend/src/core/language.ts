/** Words in the page's language: gettext over Django's djangojs catalogue. English is the key. */

export interface Catalogue {
  /** msgid -> translation, or one per plural form. */
  readonly catalog: Readonly<Record<string, string | readonly string[]>>;
  /** C expression in n, as in the .po header; null = two forms, Germanic. */
  readonly plural?: string | null;
}

export type Values = Readonly<Record<string, string | number>>;

let catalogue: Catalogue = { catalog: {} };
let locale = "en";

export function useLanguage(code: string, words: Catalogue): void {
  locale = code;
  catalogue = words;
}

/** The BCP 47 code for Intl. */
export function language(): string {
  return locale;
}

/** Translates; `{name}` is filled from values. */
export function t(msgid: string, values: Values = {}): string {
  const found = catalogue.catalog[msgid];
  return fill(typeof found === "string" && found !== "" ? found : msgid, values);
}

/** Marks words for the catalogue where they are written; they are said elsewhere. */
export function msg(msgid: string): string {
  return msgid;
}

/** By count; `{n}` is the count, written as the language writes numbers. */
export function ngettext(one: string, many: string, n: number, values: Values = {}): string {
  const found = catalogue.catalog[one];
  const forms = Array.isArray(found) ? found : [found];
  const translated = forms[Math.min(pluralForm(n), forms.length - 1)];
  const text = translated || (n === 1 ? one : many);
  return fill(text, { n: number(n), ...values });
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}

// The catalogue's plural rule is a C expression, and CSP forbids evaluating one; Japanese has a
// single form, and the other languages we speak here choose by n != 1.
function pluralForm(n: number): number {
  return n === 1 ? 0 : 1;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
