/** The alarm alone: for the pages of headquarters that have no script of their own. */

import { Api } from "../core/api.ts";
import { type Catalogue, useLanguage } from "../core/language.ts";
import { useServerTime } from "../core/server_clock.ts";
import { mountAlarm, mountUnread } from "../hq/alarm.ts";
import { Remembered } from "../hq/remembered.ts";
import { Sound } from "../hq/sound.ts";
import { UrgentCounts } from "../hq/urgent_counts.ts";
import { UrgentWatch } from "../hq/urgent_watch.ts";

/** What the server put into the page (frontend/templatetags/alarm.py). */
interface AlarmData {
  readonly now: string;
  readonly after_s: number;
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
  const sound = new Sound(new Remembered(data.owner));
  const after = data.after_s;
  const counts = new UrgentCounts(api, data.urls.counts, after);
  const { urgent, unread } = new UrgentWatch(data.urls.reports, api);
  urgent.changed((held) => counts.turn(held.length >= UrgentWatch.MOST));
  const open = (id: string) => location.assign(`${data.urls.desk}?report=${id}`);
  mountAlarm(urgent, { after, counts, most: UrgentWatch.MOST, sound, open });
  mountUnread(unread);
}
