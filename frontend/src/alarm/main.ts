/** The alarm and the queue in the bar: for the pages of headquarters beside the desk. */

import { Api } from "../core/api.ts";
import { type Catalogue, useLanguage } from "../core/language.ts";
import type { Patience } from "../core/review.ts";
import { useServerTime } from "../core/server_clock.ts";
import { mountAlarm, mountUnread } from "../hq/alarm.ts";
import { QueueCount } from "../hq/queue_count.ts";
import { mountQueue } from "../hq/queue_look.ts";
import { Remembered } from "../hq/remembered.ts";
import { Sound } from "../hq/sound.ts";
import { UrgentCounts } from "../hq/urgent_counts.ts";
import { UrgentWatch } from "../hq/urgent_watch.ts";

/** What the server put into the page (frontend/templatetags/alarm.py). */
interface AlarmData {
  readonly now: string;
  /** null: this desk sees the queue, but hears no alarm. */
  readonly after_s: number | null;
  readonly patience: Patience;
  /** Municipality codes of the own queue, empty = all. */
  readonly area: readonly string[];
  readonly owner: string;
  readonly language: string;
  readonly urls: Readonly<Record<"reports" | "counts" | "desk" | "words", string>>;
}

const script = document.getElementById("alarm-data");
if (script?.textContent) void watch(JSON.parse(script.textContent) as AlarmData);

async function watch(data: AlarmData): Promise<void> {
  useServerTime(data.now);
  const api = new Api({ csrf: "" });
  // English words alarm as well
  const words = await api.get<Catalogue>(data.urls.words).catch(() => null);
  if (words) useLanguage(data.language, words);
  mountQueue(new QueueCount(api, data.urls.counts, data.area), data.urls.desk, data.patience);
  if (data.after_s !== null) alarm(data, data.after_s, api);
}

function alarm({ owner, urls }: AlarmData, after: number, api: Api): void {
  const sound = new Sound(new Remembered(owner));
  const counts = new UrgentCounts(api, urls.counts, after);
  const { urgent, unread } = new UrgentWatch(urls.reports, api);
  urgent.changed((held) => counts.turn(held.length >= UrgentWatch.MOST));
  const open = (id: string) => location.assign(`${urls.desk}?report=${id}`);
  mountAlarm(urgent, { after, counts, most: UrgentWatch.MOST, sound, open });
  mountUnread(unread);
}
