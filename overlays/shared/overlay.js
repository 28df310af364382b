/**
 * An overlay page: shows the parts that it is made for (data-parts of its body) from their `since` until their `until`.
 *
 * How a part looks is in the folder of its name: part.js exports `kind`, `place` (left, right or top) and `build(part)`.
 */

import { follow, now } from "./feed.js";
import { fontsReady } from "./fit.js";

const LEAVE_MS = 220;
/** Two codes one over the other would be neither: the new one comes when the old one is gone. */
const BETWEEN_MS = LEAVE_MS;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const modules = await Promise.all(document.body.dataset.parts.split(" ").map((name) => import(`../${name}/part.js`)));
const places = new Map();
for (const place of ["left", "right", "top"]) {
  const element = document.createElement("div");
  element.id = place;
  document.body.append(element);
  places.set(place, element);
}

/** kind → {key, element} of what is on screen. */
const shown = new Map();
let told = null;
let timer = 0;

function wanted(module) {
  const overlay = told?.overlay;
  if (!overlay) return null;
  if (module.select) return module.select(overlay, now());
  return overlay.parts.find((part) => part.kind === module.kind && isOn(part)) ?? null;
}

function isOn({ since, until }) {
  return !(Date.parse(since) > now()) && !(Date.parse(until) <= now());
}

function refresh() {
  for (const module of modules) update(module, wanted(module));
  clearTimeout(timer);
  const edges = (told?.overlay?.parts ?? []).flatMap((part) => [Date.parse(part.since), Date.parse(part.until)]);
  const next = Math.min(...edges.filter((edge) => edge > now()), ...modules.map((module) => module.due?.(now()) ?? Infinity));
  if (Number.isFinite(next)) timer = setTimeout(refresh, Math.min(Math.max(next - now(), 5), LONGEST_TIMER_MS));
}

function update(module, part) {
  const before = shown.get(module.kind);
  const key = part && (module.key?.() ?? JSON.stringify({ ...part, since: 0, until: 0 }));
  if (before?.key === key) {
    if (part) module.update?.(before.element, part);
    return;
  }
  if (before) leave(before.element);
  shown.delete(module.kind);
  if (!part) return;
  const element = module.build(part);
  if (!element) return;
  element.classList.add("entering");
  if (before) element.style.animationDelay = `${BETWEEN_MS}ms`;
  places.get(module.place).append(element);
  shown.set(module.kind, { key, element });
}

function leave(element) {
  const { left, top } = element.getBoundingClientRect();
  element.classList.remove("entering");
  element.classList.add("leaving");
  element.style.animationDelay = "";
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
  // By the clock: where motion is reduced there is no animation that could end.
  setTimeout(() => element.remove(), matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : LEAVE_MS);
}

/** Measures all texts anew: fonts or theme have changed. */
function rebuild() {
  for (const module of modules) {
    const before = shown.get(module.kind);
    const part = wanted(module);
    if (!before || !part) continue;
    const element = module.build(part);
    before.element.replaceWith(element);
    shown.set(module.kind, { ...before, element });
  }
}

addEventListener("look", async () => {
  await fontsReady();
  rebuild();
});
await fontsReady();
follow((news) => {
  told = news;
  refresh();
});
