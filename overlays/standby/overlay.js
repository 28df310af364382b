/** The standby slate: what comes next, and when. Its words are for viewers, so they are in Bahasa Indonesia. */

import { update as count } from "../countdown/part.js";
import { follow, now } from "../shared/feed.js";
import { fit, fontsReady, length, rule, set } from "../shared/fit.js";
import { duration } from "../shared/make.js";

const TICK_MS = 100;
const SOON = "Segera kembali";
const THANKS = "Terima kasih sudah menonton";
const NEXT = "Berikutnya";

const find = (id) => document.getElementById(id);
let told = null;
let drawn = "";

function tick() {
  if (!told) return;
  const overlay = told.overlay ?? {};
  const left = Date.parse(overlay.countdown_to) - now();
  const counts = left > 0;
  document.body.classList.toggle("counts", counts);
  find("count").hidden = !counts;
  if (counts) count(find("count"), { text: duration(left / 1000) }, length("countdown-standby-width"), length("countdown-standby-height"));
  const words = JSON.stringify([told.show, overlay.next_title, overlay.is_over]);
  if (words !== drawn) write(told.show ?? "", overlay.next_title ?? "", overlay.is_over);
  drawn = words;
}

function write(show, next, isOver) {
  const room = length("standby-room");
  const head = length("canvas-width") - 2 * length("safe-x") - besideLogo();
  set(find("brand"), fit(show, rule("standby-brand"), head), rule("standby-brand"));
  set(find("title"), fit(isOver ? THANKS : SOON, rule("standby-title"), room), rule("standby-title"));
  set(find("label"), fit(NEXT, rule("standby-label"), room), rule("standby-label"));
  set(find("name"), fit(next, rule("standby-next"), room), rule("standby-next"));
  find("next").hidden = !next;
}

/** What the logo takes of the first line. */
function besideLogo() {
  const aspect = length("logo-aspect");
  if (Number.isNaN(aspect)) return 0;
  return Math.min(length("standby-logo") * aspect, length("canvas-width") / 3) + length("standby-logo-gap");
}

addEventListener("look", async () => {
  await fontsReady();
  drawn = "";
  tick();
});
await fontsReady();
follow((news) => {
  told = news;
  tick();
});
setInterval(tick, TICK_MS);
