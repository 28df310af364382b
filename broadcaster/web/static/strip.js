/** What is seen first: state, on air, next, over/under, clock. Runs by itself between messages. */

import { dateOf, signed, timeOfDay } from "./clock.js";
import { MOOD_SHAPES, nextIn, remainingOf } from "./remaining.js";
import { language, words } from "./words.js";

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
  const { text, word, share, mood } = remainingOf(current, now, planned);
  tile.dataset.left = mood;
  tile.querySelector(".time .shape").dataset.shape = MOOD_SHAPES[mood] ?? "";
  put(tile.querySelector(".time .word"), word);
  put(tile.querySelector(".big"), text);
  tile.querySelector(".progress div").style.transform = `scaleX(${share.toFixed(4)})`;
}

function showNext(status, now) {
  const tile = find("#next");
  const { word, text } = nextIn(status, now);
  put(tile.querySelector("small"), word);
  put(tile.querySelector(".count"), text);
}
