/** One item of the organizer's list. */

import { duration, signed, timeOfDay } from "./clock.js";
import { make, put, shape } from "./page.js";
import { fill, words } from "./words.js";

const PAST = new Set(["aired", "partial", "skipped", "failed", "filled"]);
const SHAPES = { on_air: "on-air" };

export class Row {
  element = make("li", "row");
  #written = "";
  #choose = make("button", "choose");
  #parts = {};
  #handle = make("span", "handle");

  constructor(id, mayEdit, onChoose) {
    this.element.dataset.id = id;
    this.#handle.setAttribute("aria-hidden", "true");
    this.#handle.textContent = mayEdit ? "⠿" : "";
    this.#choose.type = "button";
    this.#choose.addEventListener("click", () => onChoose(id));
    for (const name of ["cue", "title", "planned", "expected", "length", "state"]) {
      this.#parts[name] = make("span", name === "title" || name === "state" ? name : `${name} number`);
      this.#choose.append(this.#parts[name]);
    }
    this.element.append(this.#handle, this.#choose);
  }

  focus() {
    this.#choose.focus({ preventScroll: false });
    this.element.scrollIntoView({ block: "nearest" });
  }

  setChosen(isChosen) {
    this.#choose.setAttribute("aria-pressed", String(isChosen));
    this.element.toggleAttribute("data-chosen", isChosen);
  }

  /** `change`: "" | new | edited | shifted, by a draft. */
  update(item, change, isChosen) {
    this.setChosen(isChosen);
    const written = JSON.stringify([item, change]);
    if (written === this.#written) return;
    this.#written = written;
    this.element.dataset.state = item.state;
    this.element.dataset.change = change;
    this.element.toggleAttribute("data-past", PAST.has(item.state));
    this.element.classList.toggle("fixed", item.state === "on_air");
    put(this.#parts.cue, item.cue);
    this.#writeTitle(item);
    put(this.#parts.planned, `${item.hard ? "📌 " : ""}${timeOfDay(item.planned_start)}`);
    const starts = item.actual_start ?? item.expected_start;
    put(this.#parts.expected, item.state === "skipped" ? "–" : timeOfDay(starts));
    const late = (Date.parse(starts ?? "") - Date.parse(item.planned_start ?? "")) / 1000;
    this.#parts.expected.classList.toggle("late", late > 60);
    this.#parts.expected.title = Number.isNaN(late) ? "" : signed(late);
    put(this.#parts.length, (item.duration_s ?? null) === null ? words.rundown.open : duration(item.duration_s));
    const word = change ? words.edit[change] : words.row[item.state];
    this.#parts.state.replaceChildren(shape(SHAPES[item.state] ?? item.state), make("span", "word", word));
  }

  #writeTitle(item) {
    const tags = [make("b", "", item.title), make("small", "tag", words.type[item.type] ?? item.type)];
    if (item.gap_s > 0) tags.push(make("small", "tag", fill(words.rundown.gap, { duration: duration(item.gap_s) })));
    if (item.overlap_s > 0) {
      tags.push(make("small", "tag overlap", fill(words.rundown.overlap, { duration: duration(item.overlap_s) })));
    }
    if (item.end === "manual") tags.push(make("small", "tag", words.now.manual));
    if (item.media_fault) tags.push(make("small", "fault", item.media_fault));
    if (item.note) tags.push(make("small", "note", item.note));
    this.#parts.title.replaceChildren(...tags);
  }
}
