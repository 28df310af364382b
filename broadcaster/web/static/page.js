/** What every page but the operator's begins with: the socket, the clock, the banner when contact is lost, toasts. */

import { ServerClock, setZone } from "./clock.js";
import { listen } from "./live.js";
import { language } from "./words.js";

const TOAST_MS = 6000;
export const clock = new ServerClock();
const stale = document.getElementById("stale");
const signedOut = document.getElementById("signed-out");

export function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

export function shape(name) {
  const element = make("span", "shape");
  element.dataset.shape = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

export function toast(sentence) {
  const note = make("p", "toast", sentence);
  const shown = document.getElementById("toasts");
  if (shown.children.length > 2) shown.firstChild.remove();
  shown.append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

/** Between messages from the service: `milliseconds` is null when one has come. */
export function setStale(milliseconds, isSignedOut = false) {
  stale.hidden = milliseconds === null || isSignedOut;
  signedOut.hidden = milliseconds === null || !isSignedOut;
  document.body.toggleAttribute("data-stale", milliseconds !== null);
  if (milliseconds !== null) put(document.getElementById("stale-for"), `${Math.floor(milliseconds / 1000)} s`);
}

/** `parts` is what the page wants beside the status; `onMessage(message)`, `onTick()` ten times a second. */
export function attend(parts, onMessage, onTick) {
  listen(`/api/v1/live?lang=${language}&parts=${parts.join(",")}`, {
    onMessage(message) {
      setStale(null);
      clock.observe(message.status.now);
      setZone(message.status.timezone);
      onMessage(message);
    },
    onStale: setStale,
  });
  if (onTick) setInterval(onTick, 100);
}

/** {ok, status, content}; content is {} when there was no answer. */
export async function ask(path, body) {
  try {
    const answer = await fetch(`/api/v1/${path}?lang=${language}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Content-Type": "application/json", "X-Broadcaster": "page" },
      body: body ? JSON.stringify(body) : null,
      signal: AbortSignal.timeout(15000),
    });
    return { ok: answer.ok, status: answer.status, content: await answer.json() };
  } catch {
    return { ok: false, status: 0, content: {} };
  }
}
