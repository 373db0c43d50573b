/** What an answer that is shared with others must hold: of many changes that are told in a row it may
 * be the first, as long as it is asked again for the others. */

export class FirstUnshown {
  private first: number | null = null;

  /** A change at this position of the feed is known, and not shown yet. */
  told(seq: number): void {
    this.first ??= seq;
  }

  /** For the next answer. v: what it must hold; isAll: nothing that is known (up to `known`) is
   * later. */
  next(known: number): { readonly v: number; readonly isAll: boolean } {
    const v = this.first ?? known;
    this.first = null;
    return { v, isAll: v >= known };
  }
}
