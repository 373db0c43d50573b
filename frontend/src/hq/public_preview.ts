/** What the public will see, fetched from the server, which renders it as it would for them. */

import type { FeatureCollection, Geometry } from "geojson";
import { language, t } from "../core/language.ts";
import { shownPlace } from "../core/release.ts";
import type { Report } from "../core/report.ts";
import { dayTime } from "../core/times.ts";
import { el } from "../dom/element.ts";
import { reportMark } from "../map/report_icon.ts";
import type { Desk } from "./desk.ts";
import type { ReleaseEdit } from "./release_dialog.ts";
import { what } from "./row.ts";

/** Typing pauses before the server is asked again (ms). */
const PAUSE_MS = 300;

export class PublicPreview {
  readonly box = el("div", {
    id: "public-preview",
    role: "region",
    "aria-label": t("What the public will see"),
    // it scrolls, also for who has no mouse
    tabindex: 0,
    class: "public-preview",
    "aria-live": "polite",
  });
  private readonly report: Report;
  private readonly desk: Desk;
  private readonly onShown: (shown: Report | null) => void;
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** Raised with each question, so that a late answer to an old one is told apart. */
  private asked = 0;

  constructor(report: Report, desk: Desk, onShown: (shown: Report | null) => void) {
    this.report = report;
    this.desk = desk;
    this.onShown = onShown;
  }

  askSoon(values: () => ReleaseEdit): void {
    this.outdated();
    this.pause = setTimeout(() => this.ask(values()), PAUSE_MS);
  }

  ask(values: ReleaseEdit): void {
    this.outdated();
    void this.fetch(values, this.asked);
  }

  private outdated(): void {
    clearTimeout(this.pause);
    this.asked += 1;
    this.box.setAttribute("aria-busy", "true");
    this.onShown(null);
  }

  private async fetch(values: ReleaseEdit, mine: number): Promise<void> {
    try {
      const features = await this.read(values);
      if (mine === this.asked) await this.show(features, mine);
    } catch {
      if (mine !== this.asked) return;
      this.fill(el("p", { class: "error" }, t("The preview cannot be read just now.")));
    }
  }

  private async read(values: ReleaseEdit): Promise<readonly Report[]> {
    const { api, page } = this.desk;
    const query = new URLSearchParams({
      public_text: values.public_text,
      private_home: String(values.private_home),
      public_place: values.public_place,
      public_photos: values.public_photos.join(","),
      redacted_geometry: JSON.stringify(values.redacted_geometry),
    });
    const url = `${page.urls.report.replace("{id}", this.report.id)}/public-preview?${query}`;
    const found = await api.get<FeatureCollection<Geometry | null>>(url);
    return found.features as unknown as readonly Report[];
  }

  private async show([shown]: readonly Report[], mine: number): Promise<void> {
    if (!shown) {
      this.fill(el("p", { class: "error" }, t("The public would not see this report at all.")));
      return;
    }
    this.fill(...publicCard(shown, this.report, this.desk));
    // a picture that has not come has not been seen
    await Promise.all([...this.box.querySelectorAll("img")].map((image) => image.decode()));
    if (mine === this.asked) this.onShown(shown);
  }

  private fill(...parts: readonly (HTMLElement | null)[]): void {
    this.box.setAttribute("aria-busy", "false");
    this.box.replaceChildren(...parts.filter((part) => part !== null));
  }
}

/** The same facts in the same order as on the public page. */
function publicCard(shown: Report, ours: Report, { words }: Desk): (HTMLElement | null)[] {
  const { severity, status, comment, captured_at, received_at } = shown.properties;
  const place = placeOf(shown);
  const now = Date.now();
  const seen = captured_at ? t("Seen {time}", { time: dayTime(captured_at, now) }) : null;
  const received = t("Received {time}", { time: dayTime(received_at, now) });
  const photos = shown.properties.photos ?? [];
  return [
    el(
      "p",
      { class: "public-head" },
      reportMark(shown, words) as unknown as HTMLElement,
      el("strong", {}, what(shown, words)),
    ),
    el("p", {}, `${words.label("severity", severity)} · ${words.label("status", status)}`),
    place ? el("p", {}, place) : null,
    comment ? el("p", { class: "comment" }, comment) : el("p", { class: "quiet" }, t("No text")),
    el("p", { class: "quiet" }, [seen, received].filter(Boolean).join(" · ")),
    el("p", { class: "quiet", id: "public-place" }, placeLine(shown, ours)),
    ...photos.map(({ display_url: src, width, height }) =>
      el("img", { src, width, height, alt: t("Photo as shown") }),
    ),
    photos.length === 0 ? el("p", { class: "quiet" }, t("No photo")) : null,
  ];
}

function placeOf({ properties }: Report): string | null {
  const { place, place_en, municipality_name } = properties;
  const japanese = place || municipality_name || null;
  return language().startsWith("ja") ? japanese : place_en || japanese;
}

function placeLine(shown: Report, ours: Report): string {
  const kind = shownPlace(ours.geometry, shown.geometry);
  if (kind === "none") return t("No place on the map");
  if (kind === "exact") return t("Shown exactly where it is");
  if (kind === "other") return t("Shown where headquarters drew it for the public");
  return t("Shown at the centre of a 500 m cell{where}", { where: coordinates(shown.geometry) });
}

function coordinates(geometry: Geometry | null): string {
  if (geometry?.type !== "Point") return "";
  const [lon = 0, lat = 0] = geometry.coordinates;
  return ` (${lat.toFixed(4)}, ${lon.toFixed(4)})`;
}
