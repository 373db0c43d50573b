/** Sends a file's bytes as they are and says how far it is. */

import { Problem, type ProblemBody } from "../core/api.ts";

export interface Taken {
  readonly version: number;
  readonly state: string;
}

export interface Sending {
  readonly done: Promise<Taken>;
  readonly stop: () => void;
}

/** done rejects with a Problem when the server refuses, a TypeError when the network fails. */
export function send(
  url: string,
  body: Blob,
  csrf: string,
  progress: (sent: number, total: number) => void,
): Sending {
  // fetch does not tell how much of the body has gone
  const request = new XMLHttpRequest();
  const done = new Promise<Taken>((resolve, reject) => {
    request.upload.addEventListener("progress", (event) => progress(event.loaded, body.size));
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText);
      if (request.status === 202) resolve(answer as Taken);
      else reject(new Problem(request.status, (answer ?? {}) as ProblemBody));
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
    request.open("PUT", url);
    request.setRequestHeader("X-CSRFToken", csrf);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Accept", "application/json, application/problem+json");
    request.send(body);
  });
  return { done, stop: () => request.abort() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // a proxy's page
    return null;
  }
}
