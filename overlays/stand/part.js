/** The stand that a live tour is at. Without a number it looks like a lower third. */

import { fit, length, rule, set } from "../shared/fit.js";
import { make } from "../shared/make.js";

export const kind = "stand";
export const place = "left";

const LABEL = "Stan";

export function build({ name, stand, who, tagline }) {
  const side = stand ? block(stand) : make("div", "band motif");
  const band = stand ? length("stand-block") : length("plate-band");
  const room = length("plate-widest") - band - length("plate-before") - length("plate-after");
  const words = make("div", "words");
  for (const [key, text] of Object.entries({ name, who, tagline })) {
    const ofText = rule(`stand-${key}`);
    const line = make("p", key);
    set(line, fit(text, ofText, room), ofText);
    words.append(line);
  }
  words.hidden = !(name || who || tagline);
  return stand || !words.hidden ? make("div", "stand plate", side, words) : null;
}

function block(stand) {
  const [label, number] = [make("p", "label"), make("p", "number")];
  const ofNumber = rule("stand-number");
  set(label, fit(LABEL, rule("stand-label"), length("stand-block")), rule("stand-label"));
  set(number, fit(stand, ofNumber, length("stand-block") - 2 * length("stand-block-side")), ofNumber);
  return make("div", "block", make("div", "numbered", label, number));
}
