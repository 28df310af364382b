/** What is seen first: state, on air, next, over/under, clock. Runs by itself between messages. */

import { dateOf, duration, elapsed, signed, timeOfDay } from "./clock.js";
import { language, words } from "./words.js";

const WARNING_S = 120;
const DANGER_S = 60;
const ON_TIME_S = 2;

const find = (selector) => document.querySelector(selector);

/** Write only what differs: a screen reader speaks every write to a live region. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const SHAPES = { running: "on-air" };

export function showState(state) {
  const tile = find("#state");
  tile.dataset.state = state;
  tile.querySelector(".shape").dataset.shape = SHAPES[state] ?? state;
  put(tile.querySelector(".word"), words.state[state] ?? state);
}

/** The parts that only change with a message. */
export function showStatus(status) {
  const { current, next } = status;
  const tile = find("#current");
  put(tile.querySelector(".cue"), current ? `${words.now.on_air} · ${current.cue}` : words.now.on_air);
  put(tile.querySelector(".title"), current ? current.title : nothingOnAir(status));
  put(tile.querySelector(".detail"), current ? who(current) : "");

  const following = find("#next");
  put(following.querySelector(".cue"), next ? `· ${next.cue}` : "");
  put(following.querySelector(".title"), next ? next.title : words.next.nothing);
  put(following.querySelector(".detail"), next ? [who(next), words.type[next.type]].filter(Boolean).join(" · ") : "");

  const overUnder = status.over_under_s ?? null;
  const late = overUnder > ON_TIME_S ? "late" : overUnder < -ON_TIME_S ? "early" : "on_time";
  const balance = find("#over-under");
  balance.dataset.late = overUnder === null ? "" : late;
  put(balance.querySelector(".big"), overUnder === null ? "–" : signed(overUnder));
  put(balance.querySelector(".detail"), overUnder === null ? "" : words.over_under[late]);

  put(find("#wall .zone"), status.zone ?? "");
}

function nothingOnAir(status) {
  return status.playback === "running" || status.playback === "held" ? words.now.filler : words.now.nothing;
}

function who(item) {
  const name = item.name && item.name !== item.title ? item.name : "";
  return [name, item.owner, item.city].filter(Boolean).join(" · ");
}

/** The parts that move with time. `now` in milliseconds, service's time; `planned` is the current item's duration in s. */
export function showTime(status, now, planned) {
  showRemaining(status.current, now, planned);
  showNext(status, now);
  put(find("#wall .big"), timeOfDay(now));
  put(find("#wall .date"), dateOf(now, language));
}

function showRemaining(current, now, planned) {
  const tile = find("#current");
  const bar = tile.querySelector(".progress div");
  const began = Date.parse(current?.actual_start ?? "");
  const end = Date.parse(current?.expected_end ?? "");
  let label = "";
  let text = "–";
  let share = 0;
  let mood = "";
  if (current && !Number.isNaN(end)) {
    const left = (end - now) / 1000;
    // An item that was joined in progress has more behind it than its time on air.
    const whole = Math.max(planned ?? 0, Number.isNaN(began) ? 0 : (end - began) / 1000);
    share = whole > 0 ? 1 - left / whole : 0;
    label = left >= 0 ? words.now.remaining : words.now.over;
    text = left >= 0 ? duration(left) : `+${elapsed(-left)}`;
    mood = urgency(left, whole);
  } else if (current && !Number.isNaN(began)) {
    label = `${words.now.elapsed} · ${words.now.manual}`;
    text = elapsed((now - began) / 1000);
  }
  tile.dataset.left = mood;
  put(tile.querySelector(".time .label"), label);
  put(tile.querySelector(".big"), text);
  bar.style.transform = `scaleX(${Math.min(1, Math.max(0, share)).toFixed(4)})`;
}

/** Two minutes and one minute before the end; a short video would be in danger from its start, so a share of it then. */
function urgency(left, whole) {
  if (left < 0) return "over";
  if (left <= Math.min(DANGER_S, whole * 0.1)) return "danger";
  return left <= Math.min(WARNING_S, whole * 0.25) ? "warning" : "";
}

function showNext(status, now) {
  const tile = find("#next");
  // Not the planned start: an item without an expected one waits for a take, whatever was planned.
  const start = Date.parse(status.next?.expected_start ?? "");
  let word = "";
  let text = "";
  if (!Number.isNaN(start)) {
    const left = (start - now) / 1000;
    word = left >= 0 ? words.next.in : words.next.due;
    text = left >= 0 ? duration(left) : elapsed(-left);
  } else if (status.next) {
    word = words.next.waits;
  }
  put(tile.querySelector("small"), word);
  put(tile.querySelector(".count"), text);
}
