/** The rundown of a day: rows are kept by item, so that a change touches only the cells that differ. */

import { duration, signed, timeOfDay } from "./clock.js";
import { put } from "./strip.js";
import { fill, words } from "./words.js";

const PAST = new Set(["aired", "partial", "skipped", "failed", "filled"]);
const SHAPES = { on_air: "on-air" };
/** People plan in minutes: what is less late than one is not worth a colour in every row. */
const LATE_S = 60;

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function shape(name) {
  const element = make("span", "shape");
  element.dataset.shape = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

export class Rundown {
  #panel = document.getElementById("rundown");
  #body = this.#panel.querySelector("tbody");
  #scroll = this.#panel.querySelector(".scroll");
  #toCurrent = this.#panel.querySelector(".to-current");
  #days = this.#panel.querySelector(".days");
  #rows = new Map();
  #rundown = null;
  #today = "";
  #chosen = null;
  #isFollowing = true;
  #onAir = null;
  #onAct;

  #mayPress;
  #selected = null;

  /** `onAct(act, item)` when a row's button is pressed; without `mayPress` there are none. */
  constructor(onAct, mayPress) {
    this.#onAct = onAct;
    this.#mayPress = mayPress;
    for (const event of ["wheel", "touchmove"]) {
      this.#scroll.addEventListener(event, () => this.#follow(false), { passive: true });
    }
    this.#scroll.addEventListener("keydown", (event) => {
      if (/^(Arrow|Page|Home|End)/.test(event.key)) this.#follow(false);
    });
    // A drag of the scroll bar: the press lands beside the table.
    this.#scroll.addEventListener("pointerdown", (event) => {
      if (event.target === this.#scroll) this.#follow(false);
    });
    // Notices and alarms that come take room: what is followed stays in view.
    new ResizeObserver(() => this.#scrollToCurrent(false)).observe(this.#scroll);
    this.#toCurrent.addEventListener("click", () => {
      this.#chosen = null;
      this.#follow(true);
      this.#draw();
      this.#scrollToCurrent(true);
    });
  }

  /** `today` is the status' day. */
  show(rundown, today) {
    this.#rundown = rundown;
    this.#today = today;
    this.#draw();
  }

  /** ↑ and ↓ choose a row, Enter jumps to it (and asks first). True when the key was one of these. */
  key(event) {
    const items = this.#shownItems();
    if (event.key === "Enter" && this.#selected) {
      const item = items.find((each) => each.id === this.#selected);
      if (item && this.#mayPress && item.state !== "on_air") this.#onAct("jump", item);
      return Boolean(item);
    }
    if (!["ArrowUp", "ArrowDown"].includes(event.key) || !items.length) return false;
    const from = items.findIndex((each) => each.id === (this.#selected ?? this.#onAir));
    const place = Math.min(items.length - 1, Math.max(0, from + (event.key === "ArrowUp" ? -1 : 1)));
    this.#selected = items[place].id;
    this.#follow(false);
    for (const [id, row] of this.#rows) row.element.toggleAttribute("data-selected", id === this.#selected);
    this.#rows.get(this.#selected)?.element.scrollIntoView({ block: "nearest" });
    return true;
  }

  #shownItems() {
    const days = this.#rundown?.days ?? [];
    return (days.find((day) => day.day === (this.#chosen ?? this.#today)) ?? days[0])?.items ?? [];
  }

  item(id) {
    for (const day of this.#rundown?.days ?? []) {
      const found = day.items.find((item) => item.id === id);
      if (found) return found;
    }
    return null;
  }

  dayTitle(day) {
    return this.#rundown?.days.find((known) => known.day === day)?.title ?? "";
  }

  #follow(isFollowing) {
    this.#isFollowing = isFollowing;
    this.#showFollowing();
  }

  #showFollowing() {
    const isElsewhere = !this.#isFollowing || (this.#chosen !== null && this.#chosen !== this.#today);
    this.#toCurrent.hidden = !isElsewhere || this.#onAir === null;
  }

  #draw() {
    const days = this.#rundown.days;
    const shown =
      days.find((day) => day.day === (this.#chosen ?? this.#today)) ?? days[0] ?? { day: "", items: [] };
    this.#drawDays(days, shown.day);
    this.#drawRows(shown.items);
    this.#panel.querySelector(".empty").hidden = shown.items.length > 0;
    const all = days.flatMap((day) => day.items);
    // Between two items, while a filler plays, what is next is where one is.
    const onAir = (all.find((item) => item.state === "on_air") ?? all.find((item) => item.state === "next"))?.id ?? null;
    const hasMoved = onAir !== this.#onAir;
    this.#onAir = onAir;
    this.#showFollowing();
    if (hasMoved) this.#scrollToCurrent(false);
  }

  #drawDays(days, shown) {
    while (this.#days.children.length > days.length) this.#days.lastChild.remove();
    days.forEach((day, place) => {
      let button = this.#days.children[place];
      if (!button) {
        button = make("button");
        button.type = "button";
        button.addEventListener("click", () => {
          this.#chosen = button.dataset.day;
          this.#draw();
        });
        this.#days.append(button);
      }
      button.dataset.day = day.day;
      button.setAttribute("aria-pressed", String(day.day === shown));
      put(button, day.title || day.day);
    });
    this.#days.hidden = days.length < 2;
  }

  #drawRows(items) {
    const ids = new Set(items.map((item) => item.id));
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) {
        row.element.remove();
        this.#rows.delete(id);
      }
    }
    let before = null;
    for (const item of items) {
      const row = this.#rows.get(item.id) ?? this.#add(item.id);
      const expected = before ? before.nextSibling : this.#body.firstChild;
      if (row.element !== expected) this.#body.insertBefore(row.element, expected);
      row.update(item);
      before = row.element;
    }
  }

  #add(id) {
    const row = new Row((act, item) => this.#onAct(act, item), this.#mayPress);
    this.#rows.set(id, row);
    return row;
  }

  #scrollToCurrent(isAsked) {
    const row = this.#rows.get(this.#onAir)?.element;
    if (!row || !(this.#isFollowing || isAsked)) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (this.#scroll.scrollHeight > this.#scroll.clientHeight) {
      // The row's own place, not where it sticks; under the headings and the row before it: the rest is for what follows.
      const above = this.#panel.querySelector("thead").offsetHeight + (row.previousElementSibling?.offsetHeight ?? 0);
      this.#scroll.scrollTo({ top: row.offsetTop - above, behavior });
    } else if (isAsked) {
      // The page itself scrolls on a phone: only when a person asks.
      scrollTo({ top: scrollY + row.getBoundingClientRect().top - innerHeight / 3, behavior });
    }
  }
}

class Row {
  element = make("tr");
  #item = null;
  #written = "";
  #state = make("span", "row-state");
  #word = make("span", "word");
  #shape = shape("upcoming");
  #cells = {};
  #title = make("b");
  #tags = make("span", "row-title");
  #marks = make("span", "marks");
  #jump;
  #skip;

  constructor(onAct, mayPress) {
    this.#state.append(this.#shape, this.#word);
    this.#tags.append(this.#title);
    this.#jump = this.#button("jump", onAct);
    this.#skip = this.#button("skip", onAct);
    const actions = make("span", "row-actions");
    if (mayPress) actions.append(this.#jump, this.#skip);
    const columns = [
      ["state", "", this.#state],
      ["cue", "number narrow-off"],
      ["title", "title-cell", this.#tags],
      ["planned", "number narrow-off"],
      ["expected", "number expected-cell"],
      ["duration", "number narrow-off"],
      ["marks", "narrow-off", this.#marks],
      ["actions", "actions-cell", actions],
    ];
    for (const [name, className, content] of columns) {
      const cell = make("td", className);
      if (content) cell.append(content);
      this.#cells[name] = cell;
      this.element.append(cell);
    }
  }

  #button(act, onAct) {
    const button = make("button");
    button.type = "button";
    button.append(shape(act === "skip" ? "skipped" : act), make("span", "word visually-hidden"));
    button.addEventListener("click", () => onAct(act, this.#item));
    return button;
  }

  update(item) {
    const written = JSON.stringify(item);
    this.#item = item;
    if (written === this.#written) return;
    this.#written = written;
    this.element.dataset.state = item.state;
    this.element.toggleAttribute("data-past", PAST.has(item.state));
    if (item.state === "on_air") this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
    this.#shape.dataset.shape = SHAPES[item.state] ?? item.state;
    put(this.#word, words.row[item.state] ?? item.state);
    this.#state.title = words.row[item.state] ?? item.state;
    put(this.#cells.cue, item.cue);
    put(this.#title, item.title);
    put(this.#cells.planned, timeOfDay(item.planned_start));
    put(this.#cells.duration, (item.duration_s ?? null) === null ? words.rundown.open : duration(item.duration_s));
    this.#writeExpected(item);
    this.#writeTags(item);
    this.#writeMarks(item);
    this.#jump.hidden = item.state === "on_air";
    this.#skip.hidden = item.skip || !["next", "upcoming"].includes(item.state);
    this.#name(this.#jump, fill(words.rundown.jump, { title: item.title }));
    this.#name(this.#skip, fill(words.rundown.skip, { title: item.title }));
  }

  #name(button, sentence) {
    button.title = sentence;
    put(button.querySelector(".word"), sentence);
  }

  #writeExpected(item) {
    const shown = item.actual_start ?? item.expected_start;
    const late = (Date.parse(shown ?? "") - Date.parse(item.planned_start ?? "")) / 1000;
    const cell = this.#cells.expected;
    cell.replaceChildren(make("span", late > LATE_S ? "late" : "", item.state === "skipped" ? "–" : timeOfDay(shown)));
    cell.title = Number.isNaN(late) ? "" : signed(late);
  }

  #writeTags(item) {
    const tags = [];
    if (item.hard) tags.push(make("span", "tag hard", words.rundown.hard));
    if (item.gap_s > 0) tags.push(make("span", "tag", fill(words.rundown.gap, { duration: duration(item.gap_s) })));
    if (item.overlap_s > 0) {
      tags.push(make("span", "tag overlap", fill(words.rundown.overlap, { duration: duration(item.overlap_s) })));
    }
    if (item.media_fault) tags.push(make("span", "fault", item.media_fault));
    this.#tags.replaceChildren(this.#title, ...tags);
  }

  #writeMarks(item) {
    const marks = [];
    if (item.type === "profile" || item.type === "video") {
      const film = make("span", item.media_fault ? "mark bad" : "mark");
      film.append(shape(item.media_fault ? "failed" : "film"));
      film.title = item.media_fault || words.rundown.media_ok;
      film.setAttribute("role", "img");
      film.setAttribute("aria-label", film.title);
      marks.push(film);
    }
    if (item.type === "profile") marks.push(this.#link(item.link));
    this.#marks.replaceChildren(...marks);
  }

  #link(address) {
    const isSafe = typeof address === "string" && address.startsWith("https://");
    const link = make(isSafe ? "a" : "span", isSafe ? "mark" : "mark absent");
    link.append(shape("link"));
    link.title = isSafe ? address : words.rundown.link_none;
    link.setAttribute("aria-label", isSafe ? `${words.rundown.link_ok}: ${address}` : words.rundown.link_none);
    if (isSafe) {
      link.href = address;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
    } else {
      link.setAttribute("role", "img");
    }
    return link;
  }
}
