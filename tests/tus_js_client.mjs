// tus-js-client as a program: sends the photo named on the command line, prints what came of it.
// node tus_js_client.mjs '{"packages", "endpoint", "file", "photo", "token", "chunk"}'
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const told = JSON.parse(process.argv[2]);
const { Upload } = createRequire(told.packages)("tus-js-client");

const upload = new Upload(readFileSync(told.file), {
  endpoint: told.endpoint,
  metadata: { photo: told.photo, filename: "写真.jpg" },
  headers: { Authorization: `Bearer ${told.token}` },
  chunkSize: told.chunk ?? Number.POSITIVE_INFINITY,
  retryDelays: Array(told.retries).fill(5),
  onSuccess: () => console.log(JSON.stringify({ url: upload.url })),
  onError: (error) => {
    const status = error.originalResponse?.getStatus() ?? null;
    console.log(JSON.stringify({ status, message: String(error) }));
  },
});
upload.start();
