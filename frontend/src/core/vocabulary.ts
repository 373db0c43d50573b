/** The service's codes with their words and marks, as GET /api/v1/vocabulary gives them. */

import { language } from "./language.ts";

export interface Term {
  readonly code: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly letter: string;
  readonly letter_ja: string;
  /** Name of an icon of frontend/icons. */
  readonly icon: string;
  readonly colour: string;
  readonly shape: string;
  readonly details?: readonly Term[];
  /** Of a layer kind: live-state field -> kind of code. */
  readonly states?: Readonly<Record<string, string>>;
}

export interface VocabularyData {
  readonly codes: Readonly<Record<string, readonly Term[]>>;
}

export class Vocabulary {
  private readonly index = new Map<string, Term>();
  private readonly data: VocabularyData;

  constructor(data: VocabularyData) {
    this.data = data;
    for (const [kind, terms] of Object.entries(data.codes)) this.enter(kind, terms);
  }

  terms(kind: string): readonly Term[] {
    return this.data.codes[kind] ?? [];
  }

  term(kind: string, code: string): Term | null {
    return this.index.get(`${kind}/${code}`) ?? null;
  }

  /** The word; a code added after this page was made shows as itself, never as nothing. */
  label(kind: string, code: string): string {
    const labels = this.term(kind, code)?.labels;
    return labels?.[language()] ?? labels?.en ?? code;
  }

  detail(category: string, detail: string): string {
    return this.label(`detail:${category}`, detail);
  }

  /** One character, so that no meaning rests on colour alone. */
  letter(kind: string, code: string): string {
    const term = this.term(kind, code);
    return (language().startsWith("ja") ? term?.letter_ja : term?.letter) ?? "?";
  }

  private enter(kind: string, terms: readonly Term[]): void {
    for (const term of terms) {
      this.index.set(`${kind}/${term.code}`, term);
      if (term.details) this.enter(`detail:${term.code}`, term.details);
    }
  }
}
