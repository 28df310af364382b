/**
 * What overlays are told: the document of /now.json, pushed.
 *
 * On air an overlay stays as it was while the service is away: viewers would rather see the last true words than none.
 * With ?sample in the address it shows sample.json beside it instead, on a ground to look at; ?sample=dark on a dark one.
 */

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5000;
const SILENT_MS = 4000;

/** Service's time minus this browser's monotonic time, from the last document. */
let offset = NaN;

/** Milliseconds since the epoch, service's time; NaN before the first document. */
export function now() {
  return offset + performance.now();
}

/** Calls `show(document)` now and on every change. */
export async function follow(show) {
  const sample = new URLSearchParams(location.search).get("sample");
  if (sample !== null) {
    document.documentElement.classList.add("sample");
    document.documentElement.classList.toggle("sample-dark", sample === "dark");
    const told = await (await fetch("sample.json")).json();
    take(told, show);
    return;
  }
  listen((text) => take(JSON.parse(text), show));
}

function take(told, show) {
  offset = Date.parse(told.now) - performance.now();
  wear(told.overlay?.look);
  show(told);
}

/** Loads the theme again when it is not the one in use (--look): an organizer has saved a change. */
function wear(look) {
  const link = document.getElementById("theme");
  const worn = getComputedStyle(document.documentElement).getPropertyValue("--look").trim();
  // Each is asked for once.
  if (!link || !look || look === worn || link.dataset.asked === look) return;
  const next = link.cloneNode();
  link.dataset.asked = next.dataset.asked = look;
  next.href = `../theme.css?look=${encodeURIComponent(look)}`;
  next.onload = () => {
    link.remove();
    dispatchEvent(new Event("look"));
  };
  next.onerror = () => {
    next.remove();
    delete link.dataset.asked;
  };
  link.after(next);
}

function listen(onText) {
  const url = new URL("/overlays/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  let retry = FIRST_RETRY_MS;

  function open() {
    const socket = new WebSocket(url);
    let watchdog = setTimeout(() => socket.close(), SILENT_MS);
    socket.onmessage = (event) => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => socket.close(), SILENT_MS);
      retry = FIRST_RETRY_MS;
      onText(event.data);
    };
    socket.onclose = () => {
      clearTimeout(watchdog);
      setTimeout(open, retry);
      retry = Math.min(retry * 2, LAST_RETRY_MS);
    };
  }

  open();
}
