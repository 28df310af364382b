/** Pages that are only looked at: the stage timer, the MC's and the crew's. Each fills the places that it has. */

import { duration, elapsed, signed, timeOfDay } from "./clock.js";
import { attend, clock, make, put } from "./page.js";
import { stateOf } from "./state-of.js";
import { words } from "./words.js";

const WARNING_S = 120;
const DANGER_S = 60;

const place = (name) => document.querySelector(`[data-show="${name}"]`);
const say = (name, text) => put(place(name), text ?? "");
const parts = document.body.dataset.parts.split(",").filter(Boolean);
let status = null;
let rundown = null;
let exhibitors = new Map();

attend(
  parts,
  (message) => {
    status = message.status;
    if (message.rundown) rundown = message.rundown;
    if (message.exhibitors) exhibitors = new Map(message.exhibitors.exhibitors.map((each) => [each.id, each]));
    show();
  },
  tick,
);

function items() {
  return rundown?.days.find((day) => day.day === status.day)?.items ?? [];
}

function who(item) {
  if (!item) return "";
  const name = item.name && item.name !== item.title ? item.name : "";
  return [name, item.owner, item.city].filter(Boolean).join(" · ");
}

function show() {
  const { current, next } = status;
  const state = stateOf(status, false);
  const shown = place("state");
  shown.dataset.state = state;
  put(shown, words.state[state] ?? state);
  say("title", current ? `${current.cue} · ${current.title}` : words.now.nothing);
  say("who", who(current));
  say("next", next ? `${next.cue} · ${next.title}` : words.next.nothing);
  say("next-who", who(next));
  const known = new Map(items().map((item) => [item.id, item]));
  say("note", known.get(current?.id)?.note);
  say("next-note", known.get(next?.id)?.note);
  say("facts", facts(current));
  say("next-facts", facts(next));
  say("over", (status.over_under_s ?? null) === null ? "–" : signed(status.over_under_s));
  say("zone", status.zone);
  showLater();
  tick();
}

/** What an MC can say of an exhibitor. */
function facts(item) {
  const exhibitor = exhibitors.get(item?.exhibitor);
  return exhibitor ? [exhibitor.tagline, exhibitor.products].filter(Boolean).join(" · ") : "";
}

function showLater() {
  const list = place("later");
  if (!list) return;
  const all = items();
  const next = all.findIndex((item) => item.id === status.next?.id);
  const first = next < 0 ? all.length : next + Number(list.dataset.from ?? 1);
  const coming = all.slice(first).filter((item) => item.state === "upcoming" || item.state === "next");
  list.replaceChildren(
    ...coming.slice(0, Number(list.dataset.count)).map((item) => {
      const line = make("li");
      line.append(
        make("time", "", timeOfDay(item.expected_start)),
        make("b", "", `${item.cue} · ${item.title}`),
        make("span", "length", (item.duration_s ?? null) === null ? "" : duration(item.duration_s)),
      );
      if (item.note) line.append(make("small", "", item.note));
      return line;
    }),
  );
}

function tick() {
  if (!status) return;
  const now = clock.now();
  say("clock", timeOfDay(now));
  const { current, next } = status;
  const end = Date.parse(current?.expected_end ?? "");
  const began = Date.parse(current?.actual_start ?? "");
  let text = "–";
  let word = "";
  let mood = "";
  let share = 0;
  if (!Number.isNaN(end)) {
    const left = (end - now) / 1000;
    const whole = current.duration_s || (end - began) / 1000 || 0;
    text = left >= 0 ? duration(left) : `+${elapsed(-left)}`;
    word = left >= 0 ? words.now.remaining : words.now.over;
    share = whole > 0 ? 1 - left / whole : 0;
    if (left < 0) mood = "over";
    else if (left <= Math.min(DANGER_S, whole * 0.1)) mood = "danger";
    else if (left <= Math.min(WARNING_S, whole * 0.25)) mood = "warning";
  } else if (!Number.isNaN(began)) {
    text = elapsed((now - began) / 1000);
    word = words.now.elapsed;
  }
  say("remaining", text);
  say("remaining-word", word);
  document.body.dataset.left = mood;
  const bar = place("progress");
  if (bar) bar.style.transform = `scaleX(${Math.min(1, Math.max(0, share)).toFixed(4)})`;
  const start = Date.parse(next?.expected_start ?? "");
  const until = (start - now) / 1000;
  if (!next) say("next-in", "");
  else if (Number.isNaN(start)) say("next-in", words.next.waits);
  else say("next-in", until >= 0 ? `${words.next.in} ${duration(until)}` : `${words.next.due} ${elapsed(-until)}`);
}
