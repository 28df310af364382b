/** The form of the item that is chosen. What is typed is staged when a field is left; what nobody touches stays. */

import { make, put } from "./page.js";

const FIELDS = {
  live: ["title", "scene"],
  profile: ["title", "exhibitor", "scene", "media"],
  video: ["title", "media"],
  slate: ["title"],
  break: ["title"],
};
const KEYS = ["type", "title", "exhibitor", "scene", "media", "start", "duration", "end", "transition", "skip", "note"];
const OF_TYPE = new Set(["title", "exhibitor", "scene", "media"]);

export class ItemForm {
  #form = document.getElementById("form");
  #none = document.getElementById("no-choice");
  #locked = document.getElementById("locked");
  #item = null;
  #seen = {};
  #onChange;

  /** `onChange(values, was)` with the one value that has changed, and what it was when it was last seen. */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("change", (event) => this.#changed(event.target));
    // What somebody sees as they begin to type is what they mean to change.
    this.#form.addEventListener("focusin", (event) => this.#look(event.target.name));
  }

  setExhibitors(exhibitors) {
    const select = this.#form.elements.exhibitor;
    const chosen = select.value;
    const options = exhibitors.map(({ id, name }) => {
      const option = make("option", "", name);
      option.value = id;
      return option;
    });
    select.replaceChildren(select.firstElementChild, ...options);
    select.value = chosen;
  }

  focus() {
    this.#form.elements.title.focus();
    this.#form.elements.title.select();
  }

  /** `item` as it would be; `before` as it is. */
  show(item, before) {
    const isOther = item?.id !== this.#item?.id;
    this.#item = item;
    this.#form.hidden = !item;
    this.#none.hidden = Boolean(item);
    if (!item) return;
    if (isOther) this.#seen = {};
    put(document.getElementById("chosen"), `${item.cue} · ${item.title}`);
    const isOnAir = item.state === "on_air";
    this.#locked.hidden = !isOnAir;
    const shown = new Set(FIELDS[item.type] ?? []);
    for (const key of KEYS) {
      const field = this.#form.elements[key];
      const label = field.closest("[data-field]");
      if (OF_TYPE.has(key)) label.hidden = !shown.has(key);
      field.disabled = isOnAir && key !== "note";
      if (field === document.activeElement && !isOther) continue;
      if (field.type === "checkbox") field.checked = Boolean(item[key]);
      else field.value = item[key] ?? "";
    }
    this.#before = before;
  }

  #before = null;

  #look(key) {
    if (!KEYS.includes(key) || !this.#before) return;
    this.#seen[key] = this.#before[key] ?? null;
  }

  #changed(field) {
    const key = field.name;
    if (!KEYS.includes(key) || !this.#item) return;
    const value = field.type === "checkbox" ? field.checked : field.value.trim() || null;
    const was = key in this.#seen && key !== "media" ? { [key]: this.#seen[key] } : {};
    this.#onChange({ [key]: value }, was);
  }
}
