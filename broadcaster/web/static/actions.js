/** Presses: buttons and keys, what is asked before, and what is told after. */

import { fill, language, words } from "./words.js";

const DOUBLE_TAKE_MS = 1000;
const ANSWER_MS = 7000;
const TOAST_MS = 6000;

const ask = document.getElementById("ask");
let taken = -Infinity;

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
function isConfirmed(question) {
  if (ask.open) return Promise.resolve(false);
  document.getElementById("question").textContent = question;
  ask.returnValue = "no";
  ask.showModal();
  return new Promise((resolve) => {
    ask.addEventListener("close", () => resolve(ask.returnValue === "yes"), { once: true });
  });
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

/** `item` for jump and skip: {id, title}. A take within a second of the last is ignored, whoever pressed what. */
export async function act(name, item, onStatus) {
  if (name === "take") {
    if (performance.now() - taken < DOUBLE_TAKE_MS) {
      toast(words.toast.double_take);
      return;
    }
    taken = performance.now();
  }
  if (item && !(await isConfirmed(fill(words.ask[name], { title: item.title })))) return;
  const buttons = document.querySelectorAll(`[data-act="${name}"]`);
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  const status = await press(name, item ? { id: item.id } : null);
  for (const button of buttons) button.removeAttribute("aria-busy");
  if (status) onStatus(status);
}

/** `isSuspended()` says whether H resumes. */
export function listenToPeople(onAct, isSuspended) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.act) onAct(button.dataset.act);
    // After a click of the mouse, Space is a take again and not that button once more. With the keyboard, focus stays.
    if (event.detail > 0 && !ask.open) button.blur();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || ask.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const isOnControl = event.target.closest("button, a, summary") && event.target.matches(":focus-visible");
    let name = null;
    if (event.code === "F12" || (event.code === "Space" && !isOnControl)) name = "take";
    else if (event.key === "h" || event.key === "H") name = isSuspended() ? "resume" : "hold";
    if (!name) return;
    event.preventDefault();
    // A key that is held down is one press.
    if (!event.repeat) onAct(name);
  });
}
