/** The standby slate: what comes next, and when. Its words are for viewers, so they are in Bahasa Indonesia. */

import { duration, follow, now, put } from "../shared/feed.js";

const TICK_MS = 100;
const LONG_MS = 12 * 3600 * 1000;

const find = (id) => document.getElementById(id);
let told = null;

function clock(at) {
  const zone = told.timezone || "Asia/Jakarta";
  const options = { hour: "2-digit", minute: "2-digit", timeZone: zone, timeZoneName: "short", hourCycle: "h23" };
  return new Intl.DateTimeFormat("id-ID", options).format(at);
}

function tick() {
  if (!told) return;
  const next = told.next;
  const start = Date.parse(next?.start ?? "");
  const left = start - now();
  const isCounting = left > 0 && left < LONG_MS;
  put(find("show"), told.show ?? "");
  find("count").hidden = !isCounting;
  find("next").hidden = !next;
  put(find("count"), isCounting ? duration(left / 1000) : "");
  if (told.playback === "ended" && !next) put(find("soon"), "Terima kasih sudah menonton");
  else put(find("soon"), isCounting ? "Kembali dalam" : "Sebentar lagi");
  if (!next) return;
  put(find("label"), Number.isNaN(start) ? "Berikutnya" : `Berikutnya · ${clock(start)}`);
  put(find("title"), next.name);
  put(find("detail"), [next.owner, next.city].filter(Boolean).join(" · ") || next.tagline);
}

follow((news) => {
  told = news;
  tick();
});
setInterval(tick, TICK_MS);
