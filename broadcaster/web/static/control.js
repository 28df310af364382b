/** The operator's page: one socket in, presses out, everything else follows from the last message. */

import { act, listenToPeople } from "./actions.js";
import { setZone } from "./clock.js";
import { listen } from "./live.js";
import { isStreaming, showAlarms, showClock, showDescription, showHealth, showNotices } from "./panels.js";
import { clock, setStale } from "./page.js";
import { Picture, UpcomingPicture } from "./picture.js";
import { Rundown } from "./rundown.js";
import { stateOf } from "./state-of.js";
import { put, showState, showStatus, showTime } from "./strip.js";
import { language, words } from "./words.js";

const TICK_MS = 100;

const picture = new Picture();
const upcoming = new UpcomingPicture();
const rundown = new Rundown(press, document.body.dataset.mayPress === "yes");
let status = null;

const mayPress = document.body.dataset.mayPress === "yes";

function press(name, item, body) {
  if (!mayPress) return;
  if (name === "stream") {
    const on = !isStreaming(status?.obs);
    act(name, { body: { on }, question: words.ask[on ? "stream_on" : "stream_off"] }, show);
  } else act(name, { item, body }, show);
}

function show(fresh) {
  status = fresh.zone ? fresh : { ...fresh, zone: status?.zone };
  setZone(status.timezone);
  put(document.getElementById("show"), status.title || status.show);
  put(document.getElementById("day"), rundown.dayTitle(status.day) || status.day || "");
  for (const by of ["yielded", "standby"]) document.getElementById(by).hidden = status.automation !== by;
  document.querySelector('.actions [data-act="resume"]')?.toggleAttribute("data-wanted", isSuspended());
  showStatus(status);
  showHealth(status);
  picture.show(status.obs);
  upcoming.show(status.next);
  showAlarms(status);
  refresh();
}

/** Whether somebody has taken automation off, so that resume gives it back: before the show it just waits. */
function isSuspended() {
  return status !== null && status.automation !== "auto";
}

function refresh() {
  showState(stateOf(status, document.body.hasAttribute("data-stale")));
  if (status) showClock(clock.now());
  if (status) showTime(status, clock.now(), rundown.item(status.current?.id)?.duration_s);
}

listen(`/api/v1/live?lang=${language}`, {
  onMessage(message) {
    setStale(null);
    clock.observe(message.status.now);
    setZone(message.status.timezone);
    if (message.rundown) rundown.show(message.rundown, message.status.day);
    if (message.notices) showNotices(message.notices);
    if ("description" in message) showDescription(message.description);
    show(message.status);
  },
  onStale(milliseconds, isSignedOut) {
    setStale(milliseconds, isSignedOut);
    refresh();
  },
});
listenToPeople(
  (name, body) => press(name, undefined, body),
  isSuspended,
  (event) => rundown.key(event),
);
setInterval(refresh, TICK_MS);
