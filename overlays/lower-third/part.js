/** The lower third: whose video this is. */

import { fit, length, rule, set } from "../shared/fit.js";
import { make } from "../shared/make.js";

export const kind = "lower_third";
export const place = "left";

export function build({ name, who, category, tagline }) {
  const room = length("plate-widest") - length("plate-band") - length("plate-before") - length("plate-after");
  const texts = { name: make("p", "name"), who: make("p", "who"), tagline: make("p", "tagline") };
  const rules = { name: rule("lower-third-name"), who: rule("lower-third-who"), tagline: rule("lower-third-tagline") };
  const fitted = fit(name, rules.name, room);
  set(texts.name, fitted, rules.name);
  set(texts.who, fit(who, rules.who, room), rules.who);
  // One line less for it where the name has taken two.
  const lines = fitted.lines.length > 1 ? 1 : rules.tagline.lines;
  set(texts.tagline, fit(tagline, { ...rules.tagline, lines }, room), rules.tagline);
  const plate = make("div", "plate", make("div", "band motif"), make("div", "words", ...Object.values(texts)));
  const part = make("div", "lower-third", plate);
  if (category) part.prepend(chip(category));
  return name || who || tagline ? part : null;
}

function chip(category) {
  const text = make("p", "category");
  const ofChip = rule("lower-third-chip");
  const room = length("lower-third-chip-widest") - 2 * length("lower-third-chip-side");
  // Its height is fixed.
  set(text, { ...fit(category, ofChip, room), below: 0 }, ofChip);
  return make("div", "chip", text);
}
