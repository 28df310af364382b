/** The organizer's page: the rundown as rows that are dragged, moved by keys and changed in a form. */

import { timeOfDay } from "./clock.js";
import { Draft, showHistory, takeBack } from "./drafting.js";
import { ItemForm } from "./item-form.js";
import { attend, clock, put } from "./page.js";
import { Row } from "./organizer-row.js";
import { nextIn, remainingOf } from "./remaining.js";
import { fill, words } from "./words.js";

const ANSWERED_MS = 3000;
const mayEdit = document.body.dataset.mayEdit === "yes";
const list = document.getElementById("items");
const days = document.querySelector(".days");
const rows = new Map();
let rundown = null;
let shown = null;
/** The rundown as it was when `shown` was told: while something waits for a take, expected times move by themselves. */
let shownFrom = null;
let status = null;
let day = null;
let chosen = null;
let isDragging = false;
let hasBegun = false;
/** Where a move goes whose preview is still on its way: keys are pressed faster than that. */
let moving = null;

const draft = new Draft((preview) => {
  shown = preview;
  shownFrom = rundown;
  moving = null;
  draw();
});
const form = new ItemForm((values, was) => {
  const edit = { op: "change", item: chosen, values, was };
  return draft.stage(edit);
});

const current = () => shown ?? rundown;
const dayOf = (from) => from?.days.find((each) => each.day === day) ?? from?.days[0];
const itemsOf = (from) => dayOf(from)?.items ?? [];
const find = (from, id) => from?.days.flatMap((each) => each.items).find((item) => item.id === id) ?? null;

attend(
  ["rundown", "exhibitors"],
  (message) => {
    status = message.status;
    if (message.exhibitors) form.setExhibitors(message.exhibitors.exhibitors);
    if (message.rundown) {
      rundown = message.rundown;
      day ??= status.day ?? rundown.days[0]?.day ?? null;
      put(document.getElementById("show"), rundown.title);
      draft.follow(rundown.revision);
      if (draft.isEmpty) shown = null;
      draw();
      showHistory();
    }
  },
  showNow,
);

function showNow() {
  if (!status) return;
  const on = status.current;
  const parts = [
    timeOfDay(clock.now()) + ` ${status.zone ?? ""}`,
    on ? `${words.now.on_air}: ${on.cue} ${on.title}` : words.now.nothing,
  ];
  if (on) {
    const { word, text } = remainingOf(on, clock.now(), on.duration_s);
    parts.push(`${word} ${text}`);
  } else if (status.next) {
    const { word, text } = nextIn(status, clock.now());
    parts.push(`${status.next.cue} ${status.next.title} ${word} ${text}`);
  }
  const line = document.getElementById("now");
  // Spoken when what is on air changes, not every second.
  line.setAttribute("aria-live", "off");
  put(line, parts.join(" · "));
}

function draw() {
  if (!rundown || isDragging) return;
  drawDays();
  const items = itemsOf(current());
  const before = new Map(itemsOf(shown ? shownFrom : rundown).map((item) => [item.id, item]));
  const ids = new Set(items.map((item) => item.id));
  for (const [id, row] of rows) {
    if (ids.has(id)) continue;
    row.element.remove();
    rows.delete(id);
  }
  items.forEach((item, place) => {
    if (!rows.has(item.id)) rows.set(item.id, new Row(item.id, mayEdit, choose));
    const row = rows.get(item.id);
    if (list.children[place] !== row.element) {
      const isFocused = row.element.contains(document.activeElement);
      list.insertBefore(row.element, list.children[place] ?? null);
      if (isFocused) row.focus();
    }
    row.update(item, shown ? changeOf(item, before.get(item.id), place) : "", item.id === chosen);
  });
  document.querySelector(".organizer .empty").hidden = items.length > 0;
  if (!hasBegun) showCurrent();
  hasBegun = true;
  if (chosen && !ids.has(chosen)) choose(null);
  form.show(find(current(), chosen), find(rundown, chosen));
}

function changeOf(item, before, place) {
  if (!before) return "new";
  const isTouched = draft.edits.some((edit) => edit.item === item.id);
  if (isTouched) return "edited";
  const isShifted = ["expected_start", "planned_start"].some((key) => differs(item[key], before[key]));
  return isShifted ? "shifted" : "";
}

/** By more than the moment that lies between the two answers. */
function differs(one, other) {
  if (!one || !other) return Boolean(one) !== Boolean(other);
  return Math.abs(Date.parse(one) - Date.parse(other)) > ANSWERED_MS;
}

function drawDays() {
  const known = rundown.days;
  days.hidden = known.length < 2;
  known.forEach((each, place) => {
    let button = days.children[place];
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => {
        day = button.dataset.day;
        choose(null);
        draw();
      });
      days.append(button);
    }
    button.dataset.day = each.day;
    button.setAttribute("aria-pressed", String(each.day === (dayOf(rundown)?.day ?? "")));
    put(button, each.title || each.day);
  });
  while (days.children.length > known.length) days.lastChild.remove();
}

function choose(id, { isFocused = false } = {}) {
  chosen = id;
  for (const [known, row] of rows) row.setChosen(known === id);
  if (isFocused) rows.get(id)?.focus();
  form.show(find(current(), id), find(rundown, id));
}

// ------------------------------------------------------------------ edits

function spotAt(items, place) {
  return { day: dayOf(rundown).day, after: items[place - 1]?.id ?? null, before: items[place]?.id ?? null };
}

async function move(id, place) {
  const others = itemsOf(current()).filter((item) => item.id !== id);
  moving = { id, place };
  await draft.stage({ op: "move", item: id, spot: spotAt(others, place) });
  rows.get(id)?.focus();
}

function step(by) {
  const items = itemsOf(current());
  const place = moving?.id === chosen ? moving.place : items.findIndex((item) => item.id === chosen);
  const next = place + by;
  if (place < 0 || next < 0 || next >= items.length) return;
  move(chosen, next);
}

/** A day has seventy rows: what is edited is near what is on air. */
function showCurrent() {
  const place = (status.current ?? status.next)?.id;
  const row = rows.get(place)?.element;
  if (!row) return;
  if (list.scrollHeight > list.clientHeight) list.scrollTo({ top: row.offsetTop - list.offsetTop - row.offsetHeight });
  else if (hasBegun) row.scrollIntoView({ block: "center" });
}

const DEEDS = {
  current() {
    day = status?.day ?? day;
    draw();
    showCurrent();
  },
  close: () => choose(null),
  up: () => step(-1),
  down: () => step(1),
  async insert() {
    const items = itemsOf(current());
    const place = chosen ? items.findIndex((item) => item.id === chosen) + 1 : items.length;
    const known = new Set(items.map((item) => item.id));
    await draft.stage({
      op: "insert",
      spot: spotAt(items, place),
      values: { type: "slate", title: words.edit.new_item, duration: "1m" },
    });
    chooseNew(known);
    form.focus();
  },
  async duplicate() {
    if (!chosen) return;
    const known = new Set(itemsOf(current()).map((item) => item.id));
    await draft.stage({ op: "duplicate", item: chosen });
    chooseNew(known);
  },
  delete() {
    if (!chosen) return;
    const items = itemsOf(current());
    const place = items.findIndex((item) => item.id === chosen);
    const neighbour = items[place + 1] ?? items[place - 1];
    const gone = chosen;
    choose(neighbour?.id ?? null, { isFocused: true });
    draft.stage({ op: "delete", item: gone });
  },
  skip() {
    const item = find(current(), chosen);
    if (item) draft.stage({ op: "change", item: chosen, values: { skip: !item.skip }, was: { skip: item.skip } });
  },
  undo: () => (draft.isEmpty ? takeBack("undo") : draft.back()),
  redo: () => draft.isEmpty && takeBack("redo"),
  help: () => document.getElementById("help").showModal(),
};

function chooseNew(known) {
  const made = itemsOf(current()).find((item) => !known.has(item.id));
  if (made) choose(made.id, { isFocused: true });
}

document.addEventListener("click", (event) => {
  const deed = event.target.closest("button[data-do]")?.dataset.do;
  if (deed in DEEDS) DEEDS[deed]();
});

const KEYS = { i: "insert", s: "skip", "?": "help", delete: "delete" };
const WITH_CONTROL = { z: "undo", y: "redo", d: "duplicate" };

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const isTyping = event.target.closest("input, textarea, select");
  const isOnButton = event.target.closest("button, a, summary") && !event.target.closest(".choose");
  let deed = null;
  if (event.key === "Escape") {
    if (isTyping) event.target.blur();
    else if (!draft.isEmpty) draft.back();
    return;
  }
  if (event.key === "Enter" && !isOnButton && event.target.tagName !== "TEXTAREA") {
    event.preventDefault();
    if (isTyping) event.target.blur();
    if (!draft.isEmpty) draft.settled().then(() => draft.apply());
    else if (!isTyping && chosen) form.focus();
    return;
  }
  if (isTyping) return;
  const isWithOther = event.altKey || event.ctrlKey || event.metaKey;
  if (["ArrowUp", "ArrowDown"].includes(event.key) && !isWithOther) {
    const items = itemsOf(current());
    const place = items.findIndex((item) => item.id === chosen);
    const next = Math.min(items.length - 1, Math.max(0, place + (event.key === "ArrowUp" ? -1 : 1)));
    event.preventDefault();
    choose(items[next]?.id ?? null, { isFocused: true });
    return;
  }
  if (!mayEdit) return;
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) deed = event.key === "ArrowUp" ? "up" : "down";
  else if (event.ctrlKey || event.metaKey) {
    deed = WITH_CONTROL[event.key.toLowerCase()];
    if (deed === "undo" && event.shiftKey) deed = "redo";
  } else if (!event.altKey) deed = KEYS[event.key.toLowerCase()];
  if (!deed) return;
  event.preventDefault();
  DEEDS[deed]();
});

// The form on a phone is a sheet that ends above what an edit does.
const bar = document.getElementById("draft");
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--draft", `${bar.offsetHeight}px`);
}).observe(bar);

// ------------------------------------------------------------------ drag and drop

if (mayEdit) {
  addEventListener("DOMContentLoaded", () => {
    new Sortable(list, {
      handle: ".handle",
      filter: ".fixed",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      forceFallback: true,
      fallbackTolerance: 4,
      ghostClass: "ghost",
      onStart: () => {
        isDragging = true;
      },
      onEnd: ({ item, oldIndex, newIndex }) => {
        isDragging = false;
        const id = item.dataset.id;
        choose(id);
        if (oldIndex !== newIndex) move(id, newIndex);
        else draw();
      },
    });
  });
}
