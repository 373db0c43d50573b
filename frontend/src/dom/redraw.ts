/** Drawing again only what looks different, so that nothing is swapped under a finger. */

type Part = Node | string | null | false;

const drawn = new WeakMap<Element, string>();

/** Fills `holder` by `make` when `key` is another than at the last time; true if it did. */
export function redraw(holder: Element, key: unknown, make: () => readonly Part[]): boolean {
  const text = JSON.stringify(key) ?? "";
  if (drawn.get(holder) === text) return false;
  drawn.set(holder, text);
  holder.replaceChildren(...make().filter((part): part is Node | string => !!part));
  return true;
}

/**
 * One element for each id, in this order; those that stay are moved only where the order changed.
 * `made` holds what was made, between calls.
 */
export function keepRows<T extends { readonly node: Element }>(
  list: Element,
  made: Map<string, T>,
  ids: readonly string[],
  make: (id: string) => T,
): void {
  const wanted = new Set(ids);
  for (const [id, { node }] of made) {
    if (wanted.has(id)) continue;
    node.remove();
    made.delete(id);
  }
  ids.forEach((id, at) => {
    const row = made.get(id) ?? make(id);
    made.set(id, row);
    if (list.children[at] !== row.node) list.insertBefore(row.node, list.children[at] ?? null);
  });
}
