/** A new file: dropped anywhere on the page, chosen, or a table pasted; sent with its progress. */

import { Problem } from "../core/api.ts";
import { number, t } from "../core/language.ts";
import { offsetAt } from "../core/offset.ts";
import { ZipWriter } from "../core/zip.ts";
import { byId } from "../dom/element.ts";
import { pastedTable } from "./clipboard.ts";
import type { PageData } from "./page_data.ts";
import { sizeOf } from "./paste.ts";
import { zipName } from "./shapefile.ts";
import { type Sending, send } from "./upload.ts";

const MB = 1_048_576;

interface FilePage extends PageData {
  readonly limit_bytes: number;
}

export function startFile(data: PageData): void {
  const page = data as FilePage;
  const form = byId("file-form") as HTMLFormElement;
  const input = byId("id_file") as HTMLInputElement;
  const table = byId("id_table") as HTMLTextAreaElement;
  // a Shapefile is several files
  input.multiple = true;
  byId("drop")
    .querySelectorAll("[data-drop-words]")
    .forEach((words) => {
      words.textContent = t("Drop your file here, or choose it");
    });
  input.addEventListener("change", () => void take([...(input.files ?? [])], page));
  table.addEventListener("input", () => sayTable(table.value));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...(input.files ?? [])];
    if (files.length > 0) void take(files, page);
    else if (table.value.trim() !== "") void start(tableFile(table.value), page);
    else refuse(t("Choose a file, or paste a table."));
  });
  addEventListener("paste", (event) => onPaste(event, table));
  acceptDrops(page);
}

function acceptDrops(page: PageData): void {
  const drop = byId("drop");
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("drop--over");
  };
  // anywhere on the page: a file let go beside the field would replace the page
  addEventListener("dragenter", over);
  addEventListener("dragover", over);
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.classList.remove("drop--over");
  });
  addEventListener("drop", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.remove("drop--over");
    void take([...event.dataTransfer.files], page as FilePage);
  });
}

function onPaste(event: ClipboardEvent, table: HTMLTextAreaElement): void {
  const data = event.clipboardData;
  const inField = event.target instanceof HTMLElement && event.target.matches("input, textarea");
  if (!data || (inField && event.target !== table)) return;
  const text = pastedTable(data);
  if (text === null) return;
  event.preventDefault();
  table.value = text;
  sayTable(text);
  byId("file-send").focus();
}

function sayTable(text: string): void {
  const { rows, columns } = sizeOf(text);
  byId("table-said").textContent =
    rows === 0
      ? t("Copy the cells in Excel, column names included, and paste them here.")
      : t("{rows} rows, {columns} columns. Is the first one the column names?", {
          rows: number(rows),
          columns: number(columns),
        });
}

function tableFile(text: string): File {
  return new File([text], "pasted.tsv", { type: "text/tab-separated-values" });
}

async function take(files: readonly File[], page: FilePage): Promise<void> {
  const [first] = files;
  if (!first) return;
  if (files.length === 1) return start(first, page);
  const name = zipName(files.map((file) => file.name));
  if (name === null) {
    refuse(
      t(
        "One file at a time, please. The parts of one Shapefile (.shp, .shx, .dbf, .prj) may come together.",
      ),
    );
    return;
  }
  const zip = new ZipWriter();
  for (const file of files) {
    const at = new Date(file.lastModified);
    zip.add({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), at });
  }
  await start(new File([zip.finish()], name), page);
}

async function start(file: File, page: FilePage): Promise<void> {
  if (file.size > page.limit_bytes) {
    const most = megabytes(page.limit_bytes);
    refuse(t("This file is larger than {most} MB. Divide it.", { most }));
    return;
  }
  show(true);
  byId("sending-name").textContent = file.name;
  const sending = send(address(file, page), file, page.csrf, sayProgress);
  sayProgress(0, file.size);
  byId("sending-stop").onclick = () => sending.stop();
  await arrive(sending, page);
}

async function arrive(sending: Sending, page: PageData): Promise<void> {
  try {
    const { version } = await sending.done;
    location.assign(page.urls.version_page.replace("{n}", String(version)));
  } catch (error) {
    show(false);
    if (!(error instanceof DOMException)) refuse(why(error));
  }
}

function why(error: unknown): string {
  if (error instanceof Problem && error.status < 500) return error.message;
  return t("The file did not arrive. Nothing has changed; please try again.");
}

function address(file: File, page: PageData): string {
  const query = new URLSearchParams({ filename: file.name, publish: "false" });
  const crs = (byId("id_crs") as HTMLSelectElement).value;
  if (crs) query.set("crs", crs);
  const asOf = (byId("id_source_as_of") as HTMLInputElement).value;
  if (asOf) query.set("source_as_of", `${asOf}${offsetAt(asOf, page.time_zone)}`);
  return `${page.urls.data}?${query}`;
}

function sayProgress(sent: number, total: number): void {
  const bar = byId("sending-bar") as HTMLProgressElement;
  bar.value = total > 0 ? sent / total : 0;
  const counts = { sent: megabytes(sent), total: megabytes(total) };
  byId("sending-words").textContent = t("Sending: {sent} / {total} MB", counts);
}

function megabytes(bytes: number): string {
  return number(bytes / MB, bytes < 10 * MB ? 1 : 0);
}

function show(sending: boolean): void {
  byId("sending").hidden = !sending;
  byId("file-form").hidden = sending;
  byId("file-error").hidden = true;
}

function refuse(words: string): void {
  const line = byId("file-error");
  line.textContent = words;
  line.hidden = false;
  line.scrollIntoView({ block: "nearest" });
}
