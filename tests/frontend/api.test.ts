import assert from "node:assert/strict";
import { test } from "node:test";
import { Api, Problem } from "../../frontend/src/core/api.ts";

function answering(status: number, body: string, type = "application/json") {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return new Response(body, { status, headers: { "Content-Type": type } });
  };
  return { asked, api: new Api({ csrf: "token", fetch: fetch as typeof globalThis.fetch }) };
}

test("an edit names the version it saw and proves it is ours", async () => {
  const { api, asked } = answering(200, '{"id":"a"}');
  assert.deepEqual(await api.patch("/r/a", { status: "verified" }, 7), { id: "a" });
  const headers = asked[0]?.init.headers as Record<string, string>;
  assert.equal(headers["If-Match"], '"7"');
  assert.equal(headers["X-CSRFToken"], "token");
});

test("a refusal is a Problem with its stable code and the feature of now", async () => {
  const body = JSON.stringify({ code: "version_stale", title: "t", current: { id: "a" } });
  const { api } = answering(412, body, "application/problem+json");
  await assert.rejects(api.patch("/r/a", {}, 1), (error: Problem) => {
    assert.deepEqual([error.status, error.code], [412, "version_stale"]);
    assert.deepEqual(error.body.current, { id: "a" });
    return true;
  });
});

test("a proxy's HTML page is a Problem too, not a syntax error", async () => {
  const { api } = answering(502, "<html>", "text/html");
  await assert.rejects(api.get("/x"), (error: Problem) => error.code === "502");
});

test("what nobody waits for any more is given up on the line, too", async () => {
  const { api, asked } = answering(200, "{}");
  const unwanted = new AbortController();
  await api.get("/x", unwanted.signal);
  assert.equal(asked[0]?.init.signal?.aborted, false);
  unwanted.abort();
  assert.equal(asked[0]?.init.signal?.aborted, true);
});
