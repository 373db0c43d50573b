/** A page beside the desk at the head of the live feed, with the badge that says how live it is. */

import type { Api } from "../core/api.ts";
import { Feed, type FeedHandlers } from "../core/feed.ts";
import { byId } from "../dom/element.ts";
import { showBadge } from "./bar.ts";
import { browserHost, checkAudience, type FeedUrls, listenToBrowser } from "./browser_host.ts";

export interface Followed {
  readonly audience: string;
  readonly urls: FeedUrls & { readonly state: string; readonly login: string };
}

export interface PageHandlers {
  readonly apply: FeedHandlers["apply"];
  /** The feed begins (again) here: what the page shows must be read after this. */
  readonly begins: () => void | Promise<void>;
}

export function followPage({ audience, urls }: Followed, api: Api, hands: PageHandlers): Feed {
  const feed = new Feed(browserHost(urls, api), {
    audience,
    apply: hands.apply,
    snapshot: async () => {
      const { epoch, head } = await checkAudience(urls.state, audience, api);
      await hands.begins();
      return { epoch, head };
    },
  });
  listenToBrowser(feed);
  byId("live-badge").hidden = false;
  feed.status.watch((fresh) => showBadge(fresh, urls.login));
  void feed.start();
  return feed;
}
