/** The example frames of fixtures/changes, the same files that pytest holds the server to. */

import { readFileSync } from "node:fs";
import { type Frame, type Message, parseMessage } from "../../frontend/src/core/frames.ts";
import type { Report } from "../../frontend/src/core/report.ts";

const FOLDER = new URL("../../fixtures/changes/", import.meta.url);

export function exampleText(name: string): string {
  return readFileSync(new URL(`${name}.json`, FOLDER), "utf-8");
}

export function example(name: string): Message {
  return parseMessage(exampleText(name));
}

export function exampleFrame(name: string): Frame {
  return example(name) as Frame;
}

export function exampleReport(): Report {
  return exampleFrame("report").items[0]?.feature as Report;
}

export const EPOCH = exampleFrame("empty").epoch;

/** A report like the example's with another id and other values. */
export function aReport(id: string, properties: Partial<Report["properties"]> = {}): Report {
  const model = exampleReport();
  return { ...model, id, properties: { ...model.properties, ...properties } };
}
