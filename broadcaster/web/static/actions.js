/** Presses: buttons and keys, what is asked before, and what is told after. */

import { fill, language, words } from "./words.js";

const DOUBLE_TAKE_MS = 1000;
const ANSWER_MS = 7000;
const TOAST_MS = 6000;

const ask = document.getElementById("ask");
let taken = -Infinity;
let answered = Promise.resolve(false);

export function toast(sentence) {
  const note = document.createElement("p");
  note.className = "toast";
  note.textContent = sentence;
  const shown = document.getElementById("toasts");
  if (shown.children.length > 2) shown.firstChild.remove();
  shown.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/** Yes or no, in the page and not in a `confirm()`: that would stop the clocks. */
async function isConfirmed(question) {
  // The last answer is told a moment after its dialog has closed: it must not be taken for this one's.
  if (!ask.open) await answered;
  if (ask.open) return false;
  document.getElementById("question").textContent = question;
  ask.returnValue = "no";
  ask.showModal();
  answered = new Promise((resolve) => {
    ask.addEventListener("close", () => resolve(ask.returnValue === "yes"), { once: true });
  });
  return answered;
}

/** Tell the control room. Resolves to the new status, or to null when it refused or did not answer. */
async function press(act, body) {
  try {
    const answer = await fetch(`/api/v1/${act}?lang=${language}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Broadcaster": "page" },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const content = await answer.json();
    if (answer.ok) return content;
    toast(typeof content.detail === "string" ? content.detail : words.toast.unreachable);
  } catch {
    toast(words.toast.unreachable);
  }
  return null;
}

/**
 * `item` for jump and skip: {id, title}; `body` for all else that says more; `question` is asked first.
 * A take within a second of the last is ignored, whoever pressed what.
 */
export async function act(name, { item, body, question }, onStatus) {
  if (name === "take") {
    if (performance.now() - taken < DOUBLE_TAKE_MS) {
      toast(words.toast.double_take);
      return;
    }
    taken = performance.now();
  }
  const asked = question ?? (item && fill(words.ask[name], { title: item.title }));
  if (asked && !(await isConfirmed(asked))) return;
  const buttons = document.querySelectorAll(`[data-act="${name}"]`);
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  const status = await press(name, item ? { id: item.id } : body);
  for (const button of buttons) button.removeAttribute("aria-busy");
  if (status) onStatus(status);
}

const EXTENSIONS = { ",": -30, ".": 30, "<": -60, ">": 60 };
/** With Shift: nobody leans on these by accident. */
const GUARDED = { KeyB: "back", KeyN: "skip", KeyS: "standby", KeyL: "stream" };

/** `onAct(name, body)`; `isSuspended()` says whether H resumes; `onKey(event)` gets what is not a press: true if it was its. */
export function listenToPeople(onAct, isSuspended, onKey) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { act: name, seconds } = button.dataset;
    if (name) onAct(name, seconds ? { seconds: Number(seconds) } : undefined);
    // After a click of the mouse, Space is a take again and not that button once more. With the keyboard, focus stays.
    if (event.detail > 0 && !ask.open) button.blur();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || ask.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const isOnControl = event.target.closest("button, a, summary") && event.target.matches(":focus-visible");
    let name = null;
    let body;
    if (event.code === "F12" || (event.code === "Space" && !isOnControl)) name = "take";
    else if (event.shiftKey && event.code in GUARDED) name = GUARDED[event.code];
    else if (event.key === "h" || event.key === "H") name = isSuspended() ? "resume" : "hold";
    else if (event.key in EXTENSIONS) {
      name = "extend";
      body = { seconds: EXTENSIONS[event.key] };
    } else if (!isOnControl && onKey(event)) event.preventDefault();
    if (!name) return;
    event.preventDefault();
    // A key that is held down is one press.
    if (!event.repeat) onAct(name, body);
  });
}
