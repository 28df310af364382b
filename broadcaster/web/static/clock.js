/** The service's time, kept between messages, and times and durations as people read them. */

const KEPT = 10;

export class ServerClock {
  #offsets = [];

  /** `now` is the service's time as a message brought it. */
  observe(now) {
    // Against the monotonic clock: the browser's own clock may be wrong, or be set while we look.
    this.#offsets.push(Date.parse(now) - performance.now());
    if (this.#offsets.length > KEPT) this.#offsets.shift();
  }

  /** Milliseconds since the epoch; NaN before the first message. */
  now() {
    // A message is late, never early: the largest offset is that of the fastest one.
    return this.#offsets.length ? Math.max(...this.#offsets) + performance.now() : NaN;
  }
}

const pad = (number) => String(number).padStart(2, "0");

/** m:ss, or h:mm:ss from an hour on, of what is left: rounded up, so that 0:00 means over. */
export function duration(seconds) {
  return digits(Math.max(0, Math.ceil(seconds - 0.02)));
}

/** The same of what has passed: rounded down. */
export function elapsed(seconds) {
  return digits(Math.max(0, Math.floor(seconds + 0.02)));
}

function digits(whole) {
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** The same with + or − before it. */
export function signed(seconds) {
  const whole = Math.round(seconds);
  return (whole < 0 ? "−" : whole > 0 ? "+" : "±") + duration(Math.abs(whole));
}

let zone = "UTC";
let formats = new Map();

/** An IANA name; one that the browser does not know leaves UTC. */
export function setZone(name) {
  if (!name || name === zone) return;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
    formats = new Map();
  } catch {
    console.warn(`time zone ${name} is not known here; showing ${zone}`);
  }
}

function format(locale, options) {
  const key = locale + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  return formats.get(key);
}

const DIGITS = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };

/**
 * hh:mm:ss in the show's zone. `at` is RFC 3339, rounded to the second that is nearest (a start 4 ms early is no second
 * early), or the clock's milliseconds, rounded down; nothing gives a dash.
 */
export function timeOfDay(at) {
  if (at === null || at === undefined || Number.isNaN(at)) return "–";
  const instant = typeof at === "string" ? Math.round(Date.parse(at) / 1000) * 1000 : at;
  return format("en-GB", DIGITS).format(new Date(instant));
}

export function dateOf(at, locale) {
  return format(locale, { weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
}
