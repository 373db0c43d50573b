/**
 * Why something waits or needs a person, in words: what is, and what to do. Pure; the texts may
 * carry readings (dom/say.ts).
 */

import { t } from "../../core/language.ts";
import type { Why } from "../../outbox/entry.ts";

export interface Reason {
  readonly words: string;
  /** What the person can do, or that nothing needs doing. */
  readonly todo: string;
}

/** Words for the code, the service's own sentence for one that came after this app was built. */
export function reasonOf(why: Why): Reason {
  return reasonOfCode(why) ?? { words: why.detail ?? foreignWords(why), todo: ASK_OR_AGAIN() };
}

/** null for a code this app has no words for. */
export function reasonOfCode({ code, detail = "" }: Why): Reason | null {
  const said = REASONS[code]?.(detail);
  return said ? { words: said[0], todo: said[1] } : null;
}

function foreignWords({ code, status }: Why): string {
  return t("The service refused it ({code})", { code: status ? `${code}, ${status}` : code });
}

type Words = readonly [words: string, todo: string];
type MakeWords = (detail: string) => Words;

const BY_ITSELF = () => t("Nothing to do: it is tried again by itself.");
const BACK = () => t("It is sent by itself when the network is back.");
const OTHER_INCIDENT = () => t("Give it to another incident, or ask headquarters.");
const ASK = () => t("Save it as a file, and call headquarters.");
const ASK_OR_AGAIN = () => t("Try again. If that does not help, call headquarters.");
const PHOTO_AGAIN = () => t("Try again, or take the picture anew. The words have arrived.");
const UPDATE = () => t("Reload the app when you have a network, then try again.");
const JOIN = () =>
  t("Ask headquarters for a new QR code and scan it. What waits here stays and is sent then.");

const server: MakeWords = () => [t("The service cannot answer now"), BY_ITSELF()];
const busy: MakeWords = () => [t("The service is busy"), BY_ITSELF()];
const locked: MakeWords = () => [t("This phone's key is no longer valid"), JOIN()];
const closed: MakeWords = () => [t("The incident is closed"), OTHER_INCIDENT()];
const damaged: MakeWords = () => [t("The picture was damaged on its way"), PHOTO_AGAIN()];
const upload: MakeWords = () => [t("The picture was cut on its way"), BY_ITSELF()];
const differs: MakeWords = () => [t("The service has other content under this number"), ASK()];
const newer: MakeWords = () => [t("The service no longer understands this app"), UPDATE()];
const place: MakeWords = () => [t("The service no longer knows this facility"), ASK()];

const REASONS: Readonly<Record<string, MakeWords>> = {
  // the link (outbox/wire.ts)
  offline: () => [t("No network"), BACK()],
  timeout: () => [
    t("The network is too weak: no answer in time"),
    t("It is tried again by itself. A place with a better signal helps."),
  ],
  portal: () => [
    t("A login page of this Wi-Fi answered, not the service"),
    t("Sign in to the Wi-Fi in the browser, or switch Wi-Fi off."),
  ],
  // the service as a whole
  server,
  failed: server,
  busy,
  too_slow: busy,
  slow_down: busy,
  too_many_tries: busy,
  disk_full: () => [
    t("The service has no room for pictures now"),
    t("The words still go. Pictures follow by themselves."),
  ],
  // this phone
  token_invalid: locked,
  not_signed_in: locked,
  not_allowed: () => [t("This phone may not report here"), OTHER_INCIDENT()],
  // the incident and the report
  incident_closed: closed,
  incident_unknown: () => [t("The service does not know this incident"), OTHER_INCIDENT()],
  report_unknown: () => [t("The service does not know this report as this phone's"), ASK()],
  report_differs: differs,
  report_erased: () => [
    t("Headquarters has erased this report"),
    t("It is not wanted any more. Discard it here."),
  ],
  report_settled: () => [
    t("The report is settled: only headquarters can change it"),
    t("Send a new report, or call headquarters."),
  ],
  edit_differs: differs,
  transition_invalid: () => [t("The report is in another state by now"), ASK_OR_AGAIN()],
  invalid: (detail) => [
    t("The service does not accept it: {detail}", { detail: detail || "-" }),
    ASK_OR_AGAIN(),
  ],
  time_without_offset: newer,
  method_unknown: newer,
  not_found: newer,
  upload_version: newer,
  upload_type: newer,
  checksum_unknown: newer,
  digest_missing: newer,
  // pictures
  bytes_gone: () => [
    t("The picture is no longer on this phone"),
    t("Send it without the picture, or take it anew."),
  ],
  not_stored: () => [t("The service is still storing the picture"), BY_ITSELF()],
  photo_unknown: () => [t("The service does not expect this picture"), ASK_OR_AGAIN()],
  photo_not_ready: () => [t("The service is still storing the picture"), BY_ITSELF()],
  photo_differs: differs,
  photo_taken: differs,
  preview_refused: () => [
    t("The small picture cannot be used; the large one will do"),
    BY_ITSELF(),
  ],
  too_large: () => [
    t("It is too large for the service"),
    t("Send it without the picture, and take a smaller one."),
  ],
  digest_mismatch: damaged,
  size_mismatch: damaged,
  checksum_mismatch: damaged,
  upload_unknown: upload,
  upload_offset: upload,
  upload_locked: upload,
  // facilities and broadcasts
  layer_unknown: place,
  feature_unknown: place,
  situation_unknown: place,
  situation_differs: differs,
  broadcast_unknown: () => [t("This broadcast no longer holds"), t("Nothing to do.")],
};
