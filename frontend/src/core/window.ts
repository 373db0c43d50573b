/** Which reports of a large incident stay at hand: what something needs, and the latest others. */

export class Window {
  private readonly needs = new Map<string, ReadonlySet<string>>();
  /** In the order of their last use, the longest ago first. */
  private readonly used = new Set<string>();
  private readonly most: number;

  /** most: so many at hand; more only where more are needed. */
  constructor(most: number) {
    this.most = most;
  }

  /** Somebody looks at exactly these from now on; what he looked at before has just been used. */
  need(who: string, ids: Iterable<string>): void {
    this.use(this.needs.get(who) ?? []);
    this.needs.set(who, new Set(ids));
    this.use(this.needs.get(who) ?? []);
  }

  use(ids: Iterable<string>): void {
    for (const id of ids) {
      this.used.delete(id);
      this.used.add(id);
    }
  }

  drop(ids: Iterable<string>): void {
    for (const id of ids) this.used.delete(id);
  }

  /** What to let go of now; a tenth more than must be, so that it is not asked at each change. */
  excess(): string[] {
    if (this.used.size <= this.most) return [];
    let surplus = this.used.size - Math.floor(this.most * 0.9);
    const found: string[] = [];
    for (const id of this.used) {
      if (surplus <= 0) break;
      if (this.isNeeded(id)) continue;
      found.push(id);
      surplus -= 1;
    }
    this.drop(found);
    return found;
  }

  private isNeeded(id: string): boolean {
    for (const ids of this.needs.values()) if (ids.has(id)) return true;
    return false;
  }
}
