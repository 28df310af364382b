/** How what is on air stands against its end, and how long it is until the next item: the same on every page. */

import { duration, elapsed } from "./clock.js";
import { words } from "./words.js";

const WARNING_S = 120;
const DANGER_S = 60;
/** A shape beside each colour. */
export const MOOD_SHAPES = { warning: "standby", danger: "yielded", over: "failed" };

/**
 * `current` is the status' own, or null; `now` the service's time in ms; `planned` its duration in s where that is known.
 * `text` is m:ss, `word` says of what, `share` is 0 to 1 of its time, `mood` is "" | warning | danger | over.
 */
export function remainingOf(current, now, planned) {
  const end = Date.parse(current?.expected_end ?? "");
  const began = Date.parse(current?.actual_start ?? "");
  if (current && !Number.isNaN(end)) {
    const left = (end - now) / 1000;
    // An item that was joined in progress has more behind it than its time on air.
    const whole = Math.max(planned ?? 0, Number.isNaN(began) ? 0 : (end - began) / 1000);
    const mood = urgency(left, whole);
    return {
      text: left >= 0 ? duration(left) : `+${elapsed(-left)}`,
      word: words.now[mood] ?? words.now.remaining,
      share: whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : 0,
      mood,
    };
  }
  if (current && !Number.isNaN(began)) {
    const word = current.end === "manual" ? `${words.now.elapsed} · ${words.now.manual}` : words.now.elapsed;
    return { text: elapsed((now - began) / 1000), word, share: 0, mood: "" };
  }
  return { text: "–", word: "", share: 0, mood: "" };
}

/** Two minutes and one minute before the end; a short video would be in danger from its start, so a share of it then. */
function urgency(left, whole) {
  if (left < 0) return "over";
  if (left <= Math.min(DANGER_S, whole * 0.1)) return "danger";
  return left <= Math.min(WARNING_S, whole * 0.25) ? "warning" : "";
}

/** {word, text} of the time until the next item; `text` is empty when that cannot be told. */
export function nextIn({ current, next }, now) {
  if (!next) return { word: "", text: "" };
  // Not the planned start: an item without an expected one waits for a take, whatever was planned.
  const start = Date.parse(next.expected_start ?? "");
  // What ends with a take only, and is over its time: the start that is expected then is always now.
  const isWaiting = current?.end === "manual" && Date.parse(current.expected_end ?? "") <= now && start <= now + 1000;
  if (Number.isNaN(start) || isWaiting) return { word: words.next.waits, text: "" };
  const left = (start - now) / 1000;
  return left >= 0
    ? { word: words.next.in, text: duration(left) }
    : { word: words.next.due, text: elapsed(-left) };
}
