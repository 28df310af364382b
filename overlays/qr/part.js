/** Where to buy: a QR code of exactly the exhibitor's link, and the link for those who type. */

import { fit, fitLink, length, rule, set } from "../shared/fit.js";
import { make } from "../shared/make.js";

export const kind = "code";
export const place = "right";

const SVG = "http://www.w3.org/2000/svg";

export function build({ name, label, size, path }) {
  const room = length("code-paper");
  const [title, link] = [make("p", "name"), make("p", "label")];
  set(title, fit(name, rule("code-name"), room), rule("code-name"));
  set(link, fitLink(label, rule("code-label"), room), rule("code-label"));
  const rows = make("div", "rows", make("div", "logo"), title);
  if (size) rows.append(make("div", "paper", code(size, path)));
  rows.append(link);
  return make("div", "code plate", make("div", "crest motif"), rows);
}

function code(size, path) {
  const drawing = document.createElementNS(SVG, "svg");
  const dark = document.createElementNS(SVG, "path");
  // At least four modules of quiet zone on the paper around it.
  const module = Math.min(length("code-paper") / (size + 2 * length("code-quiet")), length("code-largest") / size);
  drawing.setAttribute("viewBox", `0 0 ${size} ${size}`);
  drawing.style.width = `calc(${module * size} * var(--px))`;
  dark.setAttribute("d", path);
  drawing.append(dark);
  return drawing;
}
