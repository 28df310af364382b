/** Edits that are not made yet: what they would do is shown first, then they are made, or given up. */

import { ask, make, shape, toast } from "./page.js";
import { fill, words } from "./words.js";

const LEVEL_SHAPES = { info: "next", warning: "standby", alarm: "failed" };
const bar = document.getElementById("draft");
const list = document.getElementById("consequences");
const goButton = bar.querySelector('[data-do="apply"]');
const dialog = document.getElementById("conflict");

/** Answers by which the last change cannot be. Whatever else goes wrong may pass: nothing is given up for it. */
const IMPOSSIBLE = new Set([400, 409, 413, 422]);
const AGAIN_MS = 2000;

/** Under which an edit is known when it is sent again, because its answer was lost. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const key = (edit) => `${edit.op}:${edit.item ?? edit.exhibitor}`;

export class Draft {
  edits = [];
  preview = null;
  #base = "";
  #revision = "";
  #asked = 0;
  #isMaking = false;
  #sent = { written: "", key: "" };
  #looking = Promise.resolve();
  #onShow;

  /** `onShow(rundown)`: null for the rundown as it is. */
  constructor(onShow) {
    this.#onShow = onShow;
    bar.querySelector('[data-do="discard"]').addEventListener("click", () => this.discard());
    goButton.addEventListener("click", () => this.apply());
  }

  get isEmpty() {
    return this.edits.length === 0;
  }

  /** What pages look at now: edits are made from that. A draft that waits is laid over it anew. */
  follow(revision) {
    const isNew = this.#revision !== "" && revision !== this.#revision;
    this.#revision = revision;
    if (isNew && !this.isEmpty && !this.#isMaking) this.#look();
  }

  /** Moves of the same item, and changes of its values, become one. */
  stage(edit) {
    if (this.isEmpty) this.#base = this.#revision;
    const last = this.edits.at(-1);
    if (last && key(last) === key(edit) && edit.op === "move") this.edits.pop();
    if (last && key(last) === key(edit) && edit.op.startsWith("change")) {
      const { values, was } = this.edits.pop();
      edit = { ...edit, values: { ...values, ...edit.values }, was: { ...edit.was, ...was } };
    }
    this.edits.push(edit);
    return this.#look();
  }

  /** Gives the last change up. */
  async back() {
    this.edits.pop();
    if (this.isEmpty) this.discard();
    else await this.#look();
  }

  discard() {
    this.edits = [];
    this.preview = null;
    this.#asked += 1;
    bar.hidden = true;
    this.#onShow(null);
  }

  /** When the last preview has been answered. */
  settled() {
    return this.#looking;
  }

  #look() {
    this.#looking = this.#preview();
    return this.#looking;
  }

  async #preview() {
    this.#asked += 1;
    const mine = this.#asked;
    const { ok, status, content } = await ask("edits/preview", { base: this.#base, edits: this.edits });
    if (mine !== this.#asked) return;
    if (!ok) {
      const sentence = typeof content.detail === "string" ? content.detail : words.toast.unreachable;
      if (!IMPOSSIBLE.has(status)) {
        this.#show({ consequences: [], problems: [], refusal: sentence, conflicts: [] });
        setTimeout(() => mine === this.#asked && this.#look(), AGAIN_MS);
        return;
      }
      toast(sentence);
      this.edits.pop();
      if (this.isEmpty) this.discard();
      else await this.#preview();
      return;
    }
    this.preview = content;
    this.#show(content);
    this.#onShow(content.rundown);
  }

  #show({ consequences, problems, refusal, conflicts }) {
    const lines = [
      ...(refusal ? [{ level: "alarm", text: refusal }] : []),
      ...problems,
      ...conflicts.map(({ text }) => ({ level: "warning", text })),
      ...consequences,
    ].map(({ level, text }) => {
      const line = make("li");
      line.dataset.level = level;
      line.append(shape(LEVEL_SHAPES[level] ?? "next"), make("span", "", text));
      return line;
    });
    list.replaceChildren(...lines);
    goButton.disabled = problems.length > 0 || Boolean(refusal);
    bar.hidden = false;
  }

  async apply() {
    if (this.isEmpty || goButton.disabled || this.#isMaking) return;
    this.#isMaking = true;
    goButton.setAttribute("aria-busy", "true");
    const edit = { base: this.#base, edits: this.edits };
    const written = JSON.stringify(edit);
    if (this.#sent.written !== written) this.#sent = { written, key: newKey() };
    const { ok, status, content } = await ask("edits", { ...edit, key: this.#sent.key });
    if (ok || (status >= 400 && status < 500)) this.#sent = { written: "", key: "" };
    goButton.removeAttribute("aria-busy");
    this.#isMaking = false;
    if (ok) {
      this.discard();
      toast(words.edit.made);
    } else if (content.conflicts?.length) {
      await this.#settle(content.conflicts);
    } else {
      toast(typeof content.detail === "string" ? content.detail : words.toast.unreachable);
    }
  }

  /** Told who was faster, a person decides. */
  async #settle(conflicts) {
    document.getElementById("conflicts").replaceChildren(...conflicts.map(({ text }) => make("li", "", text)));
    dialog.returnValue = "theirs";
    dialog.showModal();
    const answer = await new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    });
    this.#base = this.#revision;
    if (answer === "mine") {
      for (const { target, key: name, theirs } of conflicts) {
        // What is gone cannot be changed, whoever is right.
        if (name === "deleted") this.#yieldTo(target, name);
        for (const edit of this.edits) {
          if ((edit.item ?? edit.exhibitor) === target && edit.was && name in edit.values) edit.was[name] = theirs;
        }
      }
    } else {
      for (const { target, key: name } of conflicts) this.#yieldTo(target, name);
    }
    if (this.isEmpty) this.discard();
    else if (answer === "mine") await this.apply();
    else await this.#look();
  }

  #yieldTo(target, name) {
    this.edits = this.edits.filter((edit) => {
      if ((edit.item ?? edit.exhibitor) !== target) return true;
      if (!edit.values || !(name in edit.values)) return Boolean(edit.values) && name !== "deleted";
      delete edit.values[name];
      delete edit.was[name];
      return Object.keys(edit.values).length > 0;
    });
  }
}

/** Undo and redo: `what` is "undo" or "redo". */
export async function takeBack(what) {
  const { ok, content } = await ask(`edits/${what}`, null);
  if (ok) toast(words.edit[what === "undo" ? "undone" : "redone"]);
  else toast(typeof content.detail === "string" ? content.detail : words.toast.unreachable);
  return ok;
}

/** The latest edits, and what undo and redo would do. */
export async function showHistory() {
  const { ok, content } = await ask("edits");
  if (!ok) return;
  for (const name of ["undo", "redo"]) {
    const button = document.querySelector(`[data-do="${name}"]`);
    if (!button) continue;
    button.disabled = !content[name];
    button.title = content[name] ? content[name].what.join(", ") : "";
  }
  const place = document.getElementById("history");
  if (!place) return;
  const { timeOfDay } = await import("./clock.js");
  place.replaceChildren(
    ...content.edits.slice(0, 30).map((entry) => {
      const line = make("li");
      if (entry.is_undone) line.className = "undone";
      const time = make("time", "", timeOfDay(entry.at));
      time.dateTime = entry.at;
      const sentence = fill(entry.undoes ? words.edit.took_back : words.edit.did, {
        who: entry.by,
        what: entry.what.join(", "),
      });
      line.append(time, make("span", "", sentence));
      return line;
    }),
  );
}

