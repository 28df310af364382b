/**
 * Text made to fit: a little smaller first, then on more lines, then smaller still, at last cut with an ellipsis.
 *
 * The same steps as broadcaster/pictures/fitting.py, so that a page and a drawing break a name at the same place. Sizes
 * are in the table's pixels (geometry.css), widths measured in ems.
 */

const STEP = 2;
const ONE_LINE_SHARE = 0.9;
const SLACK = 0.997;
const EM = 100;
const ELLIPSIS = "…";

const FREE = "\\u2e80-\\u303f\\u3041-\\u30ff\\u31c0-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef";
const PIECE = new RegExp(
  `[${FREE}][\\u3001\\u3002\\uff0c\\uff0e\\uff01\\uff1f]*|[^${FREE}]+?(?:[-–—/]+(?=[\\p{L}\\p{N}\\p{M}_])|(?=[${FREE}])|$)`,
  "gu",
);
const LINK_SIGNS = "/.?&=_~-";
const LINK_PIECE = /[^/.?&=_~-]*[/.?&=_~-]+|[^/.?&=_~-]+/gu;
/** Scripts that stack letters below the line, and what they need there, in ems: for it they have a line less. */
const DEEP = 0.5;
const DEEP_SCRIPTS =
  /[\p{Script=Javanese}\p{Script=Balinese}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Telugu}\p{Script=Kannada}]/u;
const RTL = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

const canvas = document.createElement("canvas").getContext("2d");
const graphemes = new Intl.Segmenter("id", { granularity: "grapheme" });
const widths = new Map();

/** The rule of geometry.css for a text: largest and smallest size, lines, leading, weight. */
export function rule(name) {
  const style = getComputedStyle(document.documentElement);
  const number = (key) => parseFloat(style.getPropertyValue(`--${name}-${key}`));
  return {
    size: number("size"),
    least: number("least"),
    lines: number("lines"),
    leading: number("leading"),
    weight: number("weight"),
  };
}

/** A number of geometry.css. */
export function length(name) {
  return parseFloat(getComputedStyle(document.documentElement).getPropertyValue(`--${name}`));
}

/** Waits until the fonts are there, a moment at most; then measures anew. */
export async function fontsReady() {
  const families = getComputedStyle(document.documentElement).getPropertyValue("--families");
  const loads = [500, 600, 700, 800].map((weight) => document.fonts.load(`${weight} 40px ${families}`));
  await Promise.race([Promise.allSettled(loads), new Promise((done) => setTimeout(done, 2000))]);
  widths.clear();
}

export function width(text, weight) {
  const key = `${weight} ${text}`;
  if (!widths.has(key)) {
    if (widths.size > 20000) widths.clear();
    const families = getComputedStyle(document.documentElement).getPropertyValue("--families");
    canvas.font = `${weight} ${EM}px ${families}`;
    canvas.textRendering = "geometricPrecision";
    widths.set(key, canvas.measureText(text).width / EM);
  }
  return widths.get(key);
}

/** {size, lines} of one line of text in `room`. */
export function fit(text, rule, room) {
  const measure = (piece) => width(piece, rule.weight);
  const pieces = words(text).flatMap((word, place) =>
    (word.match(PIECE) ?? [word]).map((piece, n) => ({
      text: piece,
      gap: n === 0 && place ? " " : "",
      width: measure(piece),
    })),
  );
  const below = DEEP_SCRIPTS.test(text) ? DEEP : 0;
  const own = below ? { ...rule, lines: Math.max(rule.lines - 1, 1) } : rule;
  return { ...(fitPieces(pieces, own, room, measure) ?? cutEnd(text, own, room, measure)), below };
}

/** The same for a link, which is broken after its signs and loses its middle. */
export function fitLink(label, rule, room) {
  const measure = (piece) => width(piece, rule.weight);
  const pieces = (label.match(LINK_PIECE) ?? []).map((text) => ({ text, gap: "", width: measure(text) }));
  return fitPieces(pieces, rule, room, measure) ?? cutMiddle(label, rule, room, measure);
}

/** Puts fitted lines into `element`, as text and never as markup. */
export function set(element, fitted, rule) {
  element.classList.add("text");
  element.hidden = fitted.lines.length === 0;
  element.style.fontSize = `calc(${fitted.size} * var(--px))`;
  element.style.lineHeight = String(rule.leading);
  element.style.fontWeight = String(rule.weight);
  element.replaceChildren(
    ...fitted.lines.map((text) => {
      const line = document.createElement("div");
      line.textContent = text;
      line.style.height = `calc(${fitted.size * (rule.leading + (fitted.below ?? 0))} * var(--px))`;
      line.dir = RTL.test(text) ? "rtl" : "ltr";
      return line;
    }),
  );
}

function words(text) {
  return text.split(" ").filter(Boolean);
}

function fitPieces(pieces, rule, room, measure) {
  if (pieces.length === 0) return { size: rule.size, lines: [] };
  const space = measure(" ");
  const wide = room * SLACK;
  const whole = pieces.reduce((sum, piece) => sum + piece.width + (piece.gap ? space : 0), 0);
  for (const size of sizes(rule.size, Math.max(rule.least, rule.size * ONE_LINE_SHARE))) {
    if (whole * size <= wide) return { size, lines: [join(pieces)] };
  }
  for (const size of sizes(rule.size, rule.least)) {
    const filled = rows(pieces, space, wide / size);
    if (filled && filled.length <= rule.lines) {
      return { size, lines: balanced(pieces, space, wide / size, filled.length).map(join) };
    }
  }
  return null;
}

function* sizes(largest, least) {
  for (let size = largest; size > least; size -= STEP) yield size;
  yield least;
}

function rows(pieces, space, room) {
  const filled = [];
  let used = 0;
  for (const piece of pieces) {
    if (piece.width > room) return null;
    const longer = used + (piece.gap ? space : 0) + piece.width;
    if (filled.length && longer <= room) {
      filled.at(-1).push(piece);
      used = longer;
    } else {
      filled.push([piece]);
      used = piece.width;
    }
  }
  return filled;
}

function balanced(pieces, space, room, count) {
  let narrow = Math.max(...pieces.map((piece) => piece.width));
  let wide = room;
  for (let n = 0; n < 16; n++) {
    const middle = (narrow + wide) / 2;
    const filled = rows(pieces, space, middle);
    if (filled && filled.length <= count) wide = middle;
    else narrow = middle;
  }
  return rows(pieces, space, wide) ?? [];
}

function join(pieces) {
  return pieces.map((piece, place) => (place ? piece.gap : "") + piece.text).join("");
}

function split(text) {
  return Array.from(graphemes.segment(text), (part) => part.segment);
}

function cutEnd(text, rule, room, measure) {
  const wide = (room * SLACK) / rule.least;
  let rest = split(words(text).join(" "));
  const lines = [];
  while (rest.length && lines.length < rule.lines - 1) {
    const [line, left] = row(rest, wide, measure, " ");
    lines.push(line);
    rest = left;
  }
  if (rest.length) {
    const last = rest.join("");
    lines.push(measure(last) <= wide ? last : shortened(rest, wide, measure));
  }
  return { size: rule.least, lines };
}

function row(parts, room, measure, signs) {
  let count = Math.max(most(parts.length, (n) => measure(parts.slice(0, n).join("").trimEnd()) <= room), 1);
  if (count < parts.length && parts[count] !== " ") {
    let end = 0;
    for (let n = 0; n < count; n++) if (signs.includes(parts[n])) end = n + 1;
    if (end > count / 2) count = end;
  }
  const rest = parts.slice(count);
  return [parts.slice(0, count).join("").trimEnd(), rest[0] === " " ? rest.slice(1) : rest];
}

function shortened(parts, room, measure) {
  const cut = (count) => parts.slice(0, count).join("").replace(/[ \-–·,.&]+$/, "") + ELLIPSIS;
  return cut(most(parts.length, (n) => measure(cut(n)) <= room));
}

function cutMiddle(label, rule, room, measure) {
  const parts = split(label);
  const wide = (room * SLACK) / rule.least;
  const broken = (count) => {
    const tail = Math.floor((count * 2) / 5);
    let rest = parts.slice(0, count - tail);
    if (count < parts.length) rest = [...rest, ELLIPSIS, ...parts.slice(parts.length - tail)];
    const lines = [];
    while (rest.length) {
      const [line, left] = row(rest, wide, measure, LINK_SIGNS);
      lines.push(line);
      rest = left;
    }
    return lines;
  };
  return { size: rule.least, lines: broken(most(parts.length, (n) => broken(n).length <= rule.lines)) };
}

function most(limit, fits) {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
