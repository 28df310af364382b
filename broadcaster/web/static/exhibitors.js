/** Exhibitors as cards: who is ready, who still owes what, and a form for each. */

import { duration } from "./clock.js";
import { Draft, showHistory, takeBack } from "./drafting.js";
import { attend, make, put, shape } from "./page.js";
import { fill, language, words } from "./words.js";

const TEXTS = ["name", "owner", "city", "category", "kind", "stand", "tagline", "products", "video", "shop", "catalogue",
  "shopee", "tokopedia", "instagram", "whatsapp"];
const mayEdit = document.body.dataset.mayEdit === "yes";
const list = document.getElementById("cards");
const search = document.getElementById("search");
const lacking = document.getElementById("lacking");
const editor = document.getElementById("editor");
const form = document.getElementById("exhibitor-form");
const cards = new Map();
let exhibitors = [];
let opened = null;

const draft = new Draft(() => {});

attend(["exhibitors"], (message) => {
  if (!message.exhibitors) return;
  exhibitors = message.exhibitors.exhibitors;
  draft.follow(message.exhibitors.revision);
  draw();
  showHistory();
});
search.addEventListener("input", draw);
lacking.addEventListener("change", draw);

function draw() {
  const sought = search.value.trim().toLowerCase();
  const shown = exhibitors.filter((each) => {
    if (lacking.checked && each.is_ready) return false;
    return [each.name, each.owner, each.city, each.category, each.id].join(" ").toLowerCase().includes(sought);
  });
  const ids = new Set(shown.map((each) => each.id));
  for (const [id, card] of cards) {
    if (ids.has(id)) continue;
    card.element.remove();
    cards.delete(id);
  }
  shown.forEach((exhibitor, place) => {
    if (!cards.has(exhibitor.id)) cards.set(exhibitor.id, new Card(open));
    const card = cards.get(exhibitor.id);
    if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
    card.update(exhibitor);
  });
  const ready = exhibitors.filter((each) => each.is_ready).length;
  put(document.getElementById("count"), fill(words.edit.shown, { ready, all: exhibitors.length }));
  document.getElementById("none").hidden = shown.length > 0;
}

class Card {
  element = make("li");
  #button = make("button", "card-button");
  #written = "";
  #exhibitor = null;

  constructor(onOpen) {
    this.#button.type = "button";
    this.#button.addEventListener("click", () => onOpen(this.#exhibitor));
    this.element.append(this.#button);
  }

  update(exhibitor) {
    const written = JSON.stringify(exhibitor);
    if (written === this.#written) return;
    this.#written = written;
    this.#exhibitor = exhibitor;
    const text = make("span", "text");
    const where = [exhibitor.owner, exhibitor.city].filter(Boolean).join(" · ");
    text.append(make("b", "", exhibitor.name), make("small", "", where));
    text.append(make("small", "", [exhibitor.category, loudness(exhibitor)].filter(Boolean).join(" · ")));
    if (exhibitor.video) text.append(make("small", "file", exhibitor.video));
    if (exhibitor.video_fault) text.append(make("small", "fault", exhibitor.video_fault));
    if (exhibitor.dead_link) text.append(make("small", "fault", `${exhibitor.link}: ${exhibitor.dead_link}`));
    this.#button.replaceChildren(this.#picture(exhibitor), text, verdict(exhibitor));
  }

  #picture(exhibitor) {
    const frame = make("span", "picture");
    if (exhibitor.video && !exhibitor.video_fault) {
      const image = new Image();
      image.loading = "lazy";
      image.alt = "";
      image.src = `/api/v1/exhibitors/${encodeURIComponent(exhibitor.id)}/thumbnail.jpg?width=320&of=${encodeURIComponent(exhibitor.video)}`;
      image.addEventListener("error", () => image.replaceWith(make("span", "none", words.edit.no_picture)));
      frame.append(image);
    } else frame.append(make("span", "none", words.edit.no_picture));
    if (exhibitor.duration_s !== null) frame.append(make("span", "length", duration(exhibitor.duration_s)));
    return frame;
  }
}

/** As the reader writes numbers, with a real minus. */
function loudness({ loudness: value }) {
  if (value === null) return "";
  const written = Math.abs(value).toLocaleString(language === "id" ? "id-ID" : "en-GB", { minimumFractionDigits: 1 });
  return fill(words.edit.loudness, { value: (value < 0 ? "−" : "") + written });
}

function verdict(exhibitor) {
  const line = make("span", "verdict");
  line.dataset.ready = exhibitor.is_ready ? "yes" : "no";
  const what = exhibitor.is_ready ? words.edit.ready : exhibitor.lacks.map(({ text }) => text).join(", ");
  line.append(shape(exhibitor.is_ready ? "aired" : "failed"), make("span", "", what));
  return line;
}

function open(exhibitor) {
  opened = exhibitor;
  put(document.getElementById("editor-title"), exhibitor?.name ?? words.edit.new_exhibitor);
  const facts = exhibitor
    ? [exhibitor.video, exhibitor.duration_s === null ? "" : duration(exhibitor.duration_s),
        loudness(exhibitor),
        exhibitor.size ? exhibitor.size.join("×") : "", exhibitor.video_fault]
    : [];
  put(document.getElementById("video-facts"), facts.filter(Boolean).join(" · "));
  for (const key of TEXTS) {
    const field = form.elements[key];
    field.value = exhibitor?.[key] ?? (key === "kind" ? "virtual" : "");
    field.disabled = !mayEdit;
  }
  editor.querySelector('[data-do="remove"]')?.toggleAttribute("hidden", !exhibitor);
  editor.showModal();
}

form.addEventListener("submit", () => {
  const values = {};
  const was = {};
  for (const key of TEXTS) {
    // The products' field has lines; the show's file has none.
    const value = form.elements[key].value.trim().replace(/[;,]?\s*\n\s*/g, "; ");
    const old = opened?.[key] ?? "";
    if (value === old || (!opened && !value)) continue;
    values[key] = value;
    // A video is told by its file's name here, by its path there: it cannot be compared.
    if (key !== "video") was[key] = old;
  }
  if (!Object.keys(values).length) return;
  draft.stage(
    opened
      ? { op: "change_exhibitor", exhibitor: opened.id, values, was }
      : { op: "add_exhibitor", values },
  );
});

const DEEDS = {
  add: () => open(null),
  close: () => editor.close(),
  remove() {
    editor.close();
    draft.stage({ op: "remove_exhibitor", exhibitor: opened.id });
  },
  undo: () => takeBack("undo"),
  redo: () => takeBack("redo"),
};

document.addEventListener("click", (event) => {
  const deed = event.target.closest("button[data-do]")?.dataset.do;
  if (deed in DEEDS) DEEDS[deed]();
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && !draft.isEmpty) draft.back();
  else if (event.key === "Enter" && !draft.isEmpty && !isTyping) {
    event.preventDefault();
    draft.settled().then(() => draft.apply());
  } else if ((event.ctrlKey || event.metaKey) && !isTyping && mayEdit && ["z", "y"].includes(event.key.toLowerCase())) {
    event.preventDefault();
    takeBack(event.key.toLowerCase() === "y" || event.shiftKey ? "redo" : "undo");
  }
});
