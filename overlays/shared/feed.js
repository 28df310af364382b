/**
 * What overlays are told: the document of /now.json, pushed.
 *
 * On air an overlay stays as it was while the service is away: viewers would rather see the last true words than none.
 * With ?sample in the address it shows sample.json beside it instead, on a ground to look at.
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
  if (new URLSearchParams(location.search).has("sample")) {
    document.documentElement.classList.add("sample");
    const sample = await (await fetch("sample.json")).json();
    offset = Date.parse(sample.now) - performance.now();
    show(sample);
    return;
  }
  listen((text) => {
    const told = JSON.parse(text);
    offset = Date.parse(told.now) - performance.now();
    show(told);
  });
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

/** Write only what differs, as text and never as markup. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** m:ss, or h:mm:ss; rounds up while time is left. */
export function duration(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 0.02));
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
