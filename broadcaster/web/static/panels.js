/** Health of OBS, stream and YouTube; the description's first line; the notices. */

import { signed, timeOfDay } from "./clock.js";
import { put } from "./strip.js";
import { fill, language, words } from "./words.js";

const OBS_HEALTH = { connected: "good", rehearsal: "good", connecting: "warn", offline: "bad", yielded: "hand" };
const YOUTUBE_HEALTH = { ok: "good", rehearsal: "good", waiting: "warn", failing: "bad", quota: "bad" };
const STREAM_ALARMS = new Set(["dropped_frames", "congestion", "low_bitrate", "stream_off", "stream_stuck"]);
const HEALTH_SHAPES = { good: "on-air", warn: "standby", bad: "stale", hand: "yielded", none: "upcoming" };
const LEVEL_SHAPES = { info: "on-air", warning: "standby", alarm: "yielded" };

function chip(id, health, word, more = [], detail = "") {
  const element = document.getElementById(id);
  element.dataset.health = health;
  element.title = detail ?? "";
  element.querySelector(".shape").dataset.shape = HEALTH_SHAPES[health];
  put(element.querySelector(".word"), word);
  const place = element.querySelector(".more");
  if (place) put(place, more.filter(Boolean).join(" · "));
}

export function showHealth({ obs, youtube, videos, machine }) {
  const { measured = 0, total = 0 } = videos ?? {};
  const label = document.getElementById("videos");
  label.hidden = measured >= total;
  label.querySelector("progress").value = total ? measured / total : 0;
  const frames = Number.isFinite(obs?.fps) ? `${Math.round(obs.fps)} fps` : "";
  const state = obs?.state ?? "offline";
  chip("obs", OBS_HEALTH[state] ?? "none", words.obs[state] ?? state, [frames], obs?.detail);
  chip("stream", ...streamOf(obs));
  // That of the recordings may be another one than the service's own: the fuller one counts.
  const disks = [obs?.recorded?.free_gb, machine?.free_gb].filter(Number.isFinite);
  const free = disks.length ? Math.min(...disks) : null;
  const isLow = Number.isFinite(free) && free < DISK_LOW_GB;
  const size = Number.isFinite(free) ? fill(words.health.free, { size: Math.round(free) }) : "–";
  chip("disk", Number.isFinite(free) ? (isLow ? "bad" : "good") : "none", size);
  isSynchronized = machine?.clock_synchronized ?? null;
  const button = document.getElementById("stream-switch");
  if (button) put(button.querySelector(".word"), words.health[isStreaming(obs) ? "stop_stream" : "start_stream"]);
  const channel = youtube?.state ?? "off";
  const units = youtube?.quota_left;
  const left = Number.isFinite(units)
    ? fill(words.health.quota, { units: units.toLocaleString(language === "id" ? "id-ID" : "en-GB") })
    : "";
  chip("youtube", YOUTUBE_HEALTH[channel] ?? "none", words.youtube[channel] ?? channel, [left], youtube?.detail);
}

/** Health, word and what stands beside it; red when viewers see nothing, and when a part of what they see is lost. */
function streamOf(obs) {
  const stream = obs?.stream ?? {};
  const beside = [
    Number.isFinite(stream.kbps) ? `${Math.round(stream.kbps)} kbit/s` : "",
    obs?.recording ? words.health.recording : "",
  ];
  if (stream.state === "down") return ["bad", words.health.down, beside];
  if (stream.state === "starting") return ["warn", words.health.starting, beside];
  const isPoor = (obs?.alarms ?? []).some((alarm) => STREAM_ALARMS.has(alarm));
  if (obs?.streaming) return [isPoor ? "bad" : "good", words.health.streaming, beside];
  return [isPoor ? "bad" : "none", obs?.streaming === null ? "–" : words.health.not_streaming, beside];
}

export function isStreaming(obs) {
  return Boolean(obs?.streaming) || ["starting", "down"].includes(obs?.stream?.state);
}

const DISK_LOW_GB = 5;
const DIFFERS_S = 1.5;
let difference = 0;
let isSynchronized = null;

/** `now` is the service's; this device's own clock may be wrong, which people notice late. */
export function showClock(now) {
  if (Number.isNaN(now)) return;
  difference = (Date.now() - now) / 1000;
  if (Math.abs(difference) > DIFFERS_S) chip("clock", "warn", fill(words.health.differs, { by: signed(difference) }));
  else if (isSynchronized === false) chip("clock", "warn", words.health.alone, [], words.health.alone_why);
  else chip("clock", "good", words.health.in_time);
}

/** What is wrong now, and what to do about it. */
export function showAlarms({ obs, youtube, next }) {
  const told = (obs?.alarms ?? []).map((name) => words.alarm[name] ?? name);
  if (obs?.state === "offline") told.unshift(words.alarm.obs_offline);
  if (next?.media_fault) told.push(`${next.cue} ${next.title}: ${words.alarm.video}`);
  if (youtube?.state === "failing") told.push(fill(words.alarm.youtube_failing, { detail: youtube.detail }));
  if (youtube?.state === "quota") told.push(words.alarm.quota);
  if (Math.abs(difference) > DIFFERS_S) told.push(fill(words.alarm.clock, { by: signed(difference) }));
  const list = document.getElementById("alarms");
  list.hidden = told.length === 0;
  const written = told.join("\n");
  if (list.dataset.written === written) return;
  list.dataset.written = written;
  list.replaceChildren(
    ...told.map((sentence) => {
      const line = document.createElement("li");
      const shape = document.createElement("span");
      shape.className = "shape";
      shape.dataset.shape = "yielded";
      shape.setAttribute("aria-hidden", "true");
      line.append(shape, sentence);
      return line;
    }),
  );
}

export function showDescription(description) {
  put(document.getElementById("description"), description?.line || "–");
}

export function showNotices(notices) {
  const lines = notices.map(({ at, level, text }) => {
    const line = document.createElement("li");
    line.dataset.level = level;
    const shape = document.createElement("span");
    shape.className = "shape";
    shape.dataset.shape = LEVEL_SHAPES[level] ?? "on-air";
    shape.setAttribute("role", "img");
    shape.setAttribute("aria-label", words.level[level] ?? level);
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = timeOfDay(at);
    const sentence = document.createElement("span");
    sentence.className = "text";
    sentence.textContent = text;
    line.append(shape, time, sentence);
    return line;
  });
  document.getElementById("notices").replaceChildren(...lines);
}
