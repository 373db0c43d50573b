/** The rail, lower part: layers by kind and publisher, each with source, age, legend and counts. */

import { number, t } from "../core/language.ts";
import type { LayerFeature } from "../core/layer.ts";
import { checkOf, grouped, type KindGroup } from "../core/layer_tree.ts";
import { button, byId, el } from "../dom/element.ts";
import { icon } from "../dom/icon.ts";
import { redraw } from "../dom/redraw.ts";
import type { Desk } from "./desk.ts";
import { layerDetails } from "./layer_details.ts";
import type { Shelf } from "./layer_shelf.ts";
import { layerSource, layerTitle, publisherName } from "./layer_words.ts";
import { layerLegend } from "./legend.ts";

export interface TreeHands {
  readonly show: (shelves: readonly Shelf[], shown: boolean) => void;
}

/** What changes of a branch or a leaf; the rest stays, so that focus and fingers do. */
interface Parts {
  readonly box: HTMLInputElement;
  readonly count: HTMLElement;
  readonly below: HTMLElement;
}

interface Branch extends Parts {
  readonly kind: string;
  readonly shelves: readonly Shelf[];
}

const SHELTERS: ReadonlySet<string> = new Set(["shelter", "welfare_shelter", "temporary_stay"]);

export class LayerTree {
  private readonly root = byId("layer-tree");
  private readonly desk: Desk;
  private readonly hands: TreeHands;
  private branches: Branch[] = [];
  private leaves = new Map<Shelf, Parts>();

  constructor(desk: Desk, hands: TreeHands) {
    this.desk = desk;
    this.hands = hands;
  }

  /** The whole tree; who had the focus in it keeps it. */
  draw(shelves: readonly Shelf[]): void {
    const focused = this.root.contains(document.activeElement) ? document.activeElement?.id : "";
    const kinds = this.desk.words.terms("layer_kind").map((term) => term.code);
    const of = new Map(shelves.map((shelf) => [shelf.info.slug, shelf]));
    this.branches = [];
    this.leaves = new Map();
    const groups = grouped(
      shelves.map((shelf) => shelf.info),
      kinds,
    );
    this.root.replaceChildren(...groups.map((group) => this.branch(group, of)));
    for (const shelf of shelves) this.refreshLeaf(shelf);
    for (const branch of this.branches) this.refreshBranch(branch);
    if (focused) document.getElementById(focused)?.focus();
  }

  /** "" when all is well, "empty", or why the layers cannot be read. */
  said(words: string): void {
    byId("layer-empty").hidden = words !== "empty";
    byId("layer-error").textContent = words === "empty" ? "" : words;
  }

  refresh(shelf: Shelf): void {
    this.refreshLeaf(shelf);
    const branch = this.branches.find(({ shelves }) => shelves.includes(shelf));
    if (branch) this.refreshBranch(branch);
  }

  private branch(group: KindGroup, of: ReadonlyMap<string, Shelf>): HTMLElement {
    const { kind } = group;
    const shelves = group.layers.flatMap(({ slug }) => of.get(slug) ?? []);
    const parts = partsOf(`kind-${kind}`, () => this.toggle(shelves, parts.box.checked));
    this.branches.push({ ...parts, kind, shelves });
    const inner = el("div", { id: `branch-${kind}`, class: "branch" }, parts.below);
    for (const { publisher, layers } of group.publishers) {
      const own = layers.flatMap(({ slug }) => of.get(slug) ?? []);
      const name = (own[0] && publisherName(own[0].info)) || publisher || t("Publisher not given");
      inner.append(
        el("h3", { class: "publisher" }, name),
        el("ul", {}, ...own.map((shelf) => this.leaf(shelf))),
      );
    }
    return el("li", { class: "kind" }, this.head(kind, parts, inner), inner);
  }

  private head(kind: string, { box, count }: Parts, inner: HTMLElement): HTMLElement {
    const { words, memory, page } = this.desk;
    const label = words.label("layer_kind", kind);
    const fold = button("▾", () => open(inner.hidden), {
      id: `fold-${kind}`,
      class: "fold",
      "aria-controls": inner.id,
      "aria-label": t("Layers: {kind}", { kind: label }),
    });
    const open = (shown: boolean) => {
      inner.hidden = !shown;
      fold.setAttribute("aria-expanded", String(shown));
      memory.set(`kind.${kind}`, shown);
    };
    open(memory.get<boolean>(`kind.${kind}`) ?? true);
    const board = SHELTERS.has(kind)
      ? el("a", { class: "board-link", href: page.urls.shelters }, t("Board"))
      : null;
    return el(
      "div",
      { class: "kind-head" },
      fold,
      el("label", {}, box, mark(words.term("layer_kind", kind)?.icon), label),
      board,
      count,
    );
  }

  private leaf(shelf: Shelf): HTMLElement {
    const { info } = shelf;
    const parts = partsOf(`layer-${info.slug}`, () => this.toggle([shelf], parts.box.checked));
    this.leaves.set(shelf, parts);
    const name = el("span", { class: "layer-name" }, layerTitle(info));
    const head = el("label", {}, parts.box, name, parts.count);
    return el("li", { class: "layer" }, head, parts.below, layerDetails(shelf));
  }

  private toggle(shelves: readonly Shelf[], shown: boolean): void {
    this.hands.show(shelves, shown);
  }

  private refreshLeaf(shelf: Shelf): void {
    const parts = this.leaves.get(shelf);
    if (!parts) return;
    parts.box.checked = shelf.shown;
    parts.count.textContent = countWords(shelf.drawn, shelf.total, shelf.shown);
    const { stale, error } = shelf;
    const source = layerSource(shelf.info);
    redraw(parts.below, [source, stale, error], () => [
      el("p", { class: stale ? "layer-source doubtful" : "layer-source" }, source),
      stale ? el("p", { class: "layer-source old" }, t("Older than promised")) : null,
      error ? el("p", { class: "error" }, error) : null,
    ]);
    parts.below.closest(".layer")?.classList.toggle("is-old", stale);
  }

  private refreshBranch({ kind, shelves, box, count, below }: Branch): void {
    const check = checkOf(shelves.map((shelf) => shelf.shown));
    box.checked = check === "all";
    box.indeterminate = check === "some";
    const [drawn, total] = [sum(shelves, "drawn"), sum(shelves, "total")];
    count.textContent = countWords(drawn, total, check !== "none");
    const features = shelves.flatMap((shelf): readonly LayerFeature[] =>
      shelf.shown ? (shelf.features ?? []) : [],
    );
    const states = features.map(({ properties }) => properties.state);
    redraw(below, [states], () => [layerLegend(kind, features, this.desk.words)]);
  }
}

function partsOf(id: string, change: () => void): Parts {
  const box = el("input", { type: "checkbox", id });
  box.addEventListener("change", change);
  return { box, count: el("span", { class: "count" }), below: el("div") };
}

function mark(name: string | undefined): HTMLElement {
  const made = icon(name ?? "layer_other");
  made.classList.add("leaf-mark");
  return made as unknown as HTMLElement;
}

function sum(shelves: readonly Shelf[], what: "drawn" | "total"): number {
  return shelves.reduce((all, shelf) => all + shelf[what], 0);
}

/** "on the map / all"; all alone where it is all, or where nothing is to be shown. */
function countWords(drawn: number, total: number, shown: boolean): string {
  return !shown || drawn === total ? number(total) : `${number(drawn)} / ${number(total)}`;
}
