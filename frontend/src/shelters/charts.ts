/** The courses of occupancy, read when their row comes into sight, a few at a time. */

import type { Api } from "../core/api.ts";
import { occupancy, placeUrl } from "../hq/occupancy.ts";
import type { PageData } from "./page_data.ts";
import type { RowView } from "./row.ts";

const AT_ONCE = 4;

export class Charts {
  private readonly views = new WeakMap<Element, RowView>();
  private readonly drawnFor = new WeakMap<Element, string>();
  private readonly waiting = new Set<RowView>();
  private readonly page: PageData;
  private readonly api: Api;
  private readonly eye: IntersectionObserver;
  private running = 0;

  constructor(page: PageData, api: Api) {
    this.page = page;
    this.api = api;
    this.eye = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        const view = this.views.get(target);
        if (view && isIntersecting) this.want(view);
      }
    });
  }

  /** Call at each drawing of a row; a course is read again when the count has changed. */
  watch(view: RowView): void {
    const { row, chart } = view;
    if (row.persons === null) {
      chart.replaceChildren();
      return;
    }
    const key = `${row.persons} ${row.counted?.at}`;
    if (this.drawnFor.get(chart) === key) return;
    this.drawnFor.set(chart, key);
    this.views.set(chart, view);
    // watching anew tells at once whether it is in sight
    this.eye.unobserve(chart);
    this.eye.observe(chart);
  }

  private want(view: RowView): void {
    this.eye.unobserve(view.chart);
    this.waiting.add(view);
    this.work();
  }

  private work(): void {
    for (const view of this.waiting) {
      if (this.running >= AT_ONCE) return;
      this.waiting.delete(view);
      this.running += 1;
      void this.draw(view).finally(() => {
        this.running -= 1;
        this.work();
      });
    }
  }

  private async draw({ row, chart }: RowView): Promise<void> {
    const url = placeUrl(this.page.urls.series, row.layer, row.id);
    const drawing = await occupancy(url, this.api).catch(() => null);
    chart.replaceChildren(...(drawing ? [drawing] : []));
  }
}
