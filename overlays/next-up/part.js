/** What comes next, towards the end of an item and in breaks. */

import { fit, length, rule, set, width } from "../shared/fit.js";
import { make } from "../shared/make.js";

export const kind = "next_up";
export const place = "left";

const LABEL = "Berikutnya";

export function build({ name, detail }) {
  if (!name && !detail) return null;
  const label = make("p", "label");
  const ofLabel = rule("next-up-label");
  const fitted = fit(LABEL, ofLabel, length("plate-widest"));
  set(label, fitted, ofLabel);
  const block = width(LABEL, ofLabel.weight) * fitted.size + 2 * length("next-up-label-side");
  const room = length("plate-widest") - block - length("plate-before") - length("plate-after");
  const words = make("div", "words");
  for (const [key, text] of Object.entries({ name, detail })) {
    const ofText = rule(`next-up-${key}`);
    const line = make("p", key);
    set(line, fit(text, ofText, room), ofText);
    words.append(line);
  }
  return make("div", "next-up plate", make("div", "block", label), words);
}
