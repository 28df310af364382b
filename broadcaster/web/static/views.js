/** Pages that are only looked at: the stage timer, the MC's and the crew's. Each fills the places that it has. */

import { stayAwake } from "./awake.js";
import { duration, signed, timeOfDay } from "./clock.js";
import { attend, clock, make, put, shape } from "./page.js";
import { MOOD_SHAPES, nextIn, remainingOf } from "./remaining.js";
import { stateOf } from "./state-of.js";
import { words } from "./words.js";

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
  say("cue", current?.cue);
  say("title", current ? current.title : nothingOnAir());
  say("who", who(current));
  say("next-cue", next?.cue);
  say("next", next ? next.title : words.next.nothing);
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

function nothingOnAir() {
  return status.playback === "running" || status.playback === "held" ? words.now.filler : words.now.nothing;
}

/** What an MC can say of an exhibitor: the tagline, then a product a line. */
function facts(item) {
  const exhibitor = exhibitors.get(item?.exhibitor);
  if (!exhibitor) return "";
  const products = (exhibitor.products ?? "").split(";").map((each) => each.trim()).filter(Boolean);
  return [exhibitor.tagline && `“${exhibitor.tagline}”`, ...products.map((each) => `• ${each}`)].filter(Boolean).join("\n");
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
      line.dataset.state = item.state;
      const title = make("b");
      if (item.state === "next") title.append(shape("next"), " ");
      title.append(`${item.cue} · ${item.title}`);
      line.append(
        make("time", "", timeOfDay(item.expected_start)),
        title,
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
  const { text, word, share, mood } = remainingOf(status.current, now, status.current?.duration_s);
  const digits = place("remaining");
  put(digits, text);
  // Digits as large as fit: 1:05:00 is wider than 5:00.
  digits.style.setProperty("--digits", Math.max(4, text.length));
  say("remaining-word", word);
  place("remaining-shape").dataset.shape = MOOD_SHAPES[mood] ?? "";
  document.body.dataset.left = mood;
  const bar = place("progress");
  if (bar) bar.style.transform = `scaleX(${share.toFixed(4)})`;
  const coming = nextIn(status, now);
  say("next-in", [coming.word, coming.text].filter(Boolean).join(" "));
}

stayAwake();
