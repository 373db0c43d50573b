/** A pasted table as tab-separated text, the way spreadsheets put it on the clipboard. */

/** A cell of an HTML table; spans as there, 1 where nothing is said. */
export interface Cell {
  readonly text: string;
  readonly across: number;
  readonly down: number;
}

// a hostile colspan must not become a million columns
const MOST_SPAN = 1_000;

/** Rows with the cells that reach into others repeated there, so that columns stay below each other. */
export function spread(rows: readonly (readonly Cell[])[]): string[][] {
  const grid: string[][] = rows.map(() => []);
  rows.forEach((cells, y) => {
    let x = 0;
    for (const cell of cells) {
      while (grid[y]?.[x] !== undefined) x += 1;
      for (let down = 0; down < clamp(cell.down, rows.length - y); down += 1)
        for (let across = 0; across < clamp(cell.across, MOST_SPAN); across += 1)
          put(grid, y + down, x + across, cell.text);
      x += clamp(cell.across, MOST_SPAN);
    }
  });
  return grid.map((row) => Array.from(row, (text) => text ?? ""));
}

function put(grid: string[][], y: number, x: number, text: string): void {
  const row = grid[y];
  if (row) row[x] = text;
}

function clamp(span: number, most: number): number {
  return Math.max(1, Math.min(Math.floor(span) || 1, most));
}

/** Tab-separated; a cell that holds a tab, a line end or a quotation mark stands in quotes. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(quoted).join("\t")).join("\n");
}

function quoted(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** How large a tab-separated text is; line ends inside quotes divide no rows, empty lines count not. */
export function sizeOf(text: string): Size {
  const rows = linesOf(text).filter((line) => line.trim() !== "");
  const widths = rows.map((line) => line.split("\t").length);
  return { rows: rows.length, columns: Math.max(0, ...widths) };
}

function linesOf(text: string): string[] {
  const lines = [""];
  let inside = false;
  for (const part of text.split(/(\r\n|\r|\n)/)) {
    const end = /^[\r\n]/.test(part);
    if (end && !inside) lines.push("");
    else if (!end) {
      lines[lines.length - 1] += part;
      if ((part.split('"').length - 1) % 2 === 1) inside = !inside;
    }
  }
  return lines;
}
