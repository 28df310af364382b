/** The countdown over a break's picture. */

import { length } from "../shared/fit.js";
import { duration, make } from "../shared/make.js";

export const kind = "countdown";
export const place = "top";

let to = NaN;

/** Nothing to count to, or it is past: an item that is overdue is not promised to the second. */
export function select({ countdown_to, is_standby }, now) {
  to = is_standby ? NaN : Date.parse(countdown_to);
  return to > now ? { kind, text: duration((to - now) / 1000) } : null;
}

/** When it has to be drawn again: with the next second. */
export function due(now) {
  return to > now ? now + Math.max(((to - now) % 1000) + 20, 20) : Infinity;
}

export const key = () => kind;

export function build({ text }) {
  const strip = make("div", "countdown plate");
  strip.style.height = "calc(var(--countdown-height) * var(--px))";
  update(strip, { text }, length("countdown-width"), length("countdown-height"));
  return strip;
}

/** Sets the digits into cells of equal width. `width` and `height` are the room that there is, in the table's pixels. */
export function update(strip, { text }, width = length("countdown-width"), height = length("countdown-height")) {
  if (strip.dataset.text === text) return;
  strip.dataset.text = text;
  const cell = (sign) => length(sign === ":" ? "countdown-colon" : "countdown-digit");
  const side = length("countdown-side") * height;
  const total = [...text].reduce((sum, sign) => sum + cell(sign), 0);
  const digits = Math.min(length("countdown-size") * height, (width - 2 * side) / total);
  strip.style.fontSize = `calc(${digits} * var(--px))`;
  strip.style.padding = `0 calc(${side} * var(--px))`;
  strip.replaceChildren(
    ...[...text].map((sign) => {
      const part = make("span", "sign", sign);
      part.style.width = `${cell(sign)}em`;
      return part;
    }),
  );
}
