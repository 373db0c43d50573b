/** What was pasted, as a table in text: an HTML table first, as it knows its cells for certain. */

import { type Cell, sizeOf, spread, toTsv } from "./paste.ts";

/** null when it is no table: less than two rows or two columns. */
export function pastedTable(data: DataTransfer): string | null {
  const text = tableIn(data.getData("text/html")) ?? data.getData("text/plain");
  const { rows, columns } = sizeOf(text);
  return rows > 1 && columns > 1 ? text : null;
}

/** The largest table of the page that was copied from. */
function tableIn(html: string): string | null {
  // parsed apart: nothing of it is loaded or run
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const tables = [...parsed.querySelectorAll("table")];
  const largest = tables.sort((a, b) => b.rows.length - a.rows.length)[0];
  if (!largest) return null;
  return toTsv(spread([...largest.rows].map((row) => [...row.cells].map(cellOf))));
}

function cellOf(cell: HTMLTableCellElement): Cell {
  for (const end of cell.querySelectorAll("br")) end.replaceWith("\n");
  const text = (cell.textContent ?? "").replace(/[ \t\u00a0]+/g, " ").trim();
  return { text, across: cell.colSpan, down: cell.rowSpan };
}
