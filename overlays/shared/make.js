/** Elements of overlays. */

/** <tag class="name …">, with children. */
export function make(tag, names, ...children) {
  const element = document.createElement(tag);
  element.className = names;
  element.append(...children);
  return element;
}

/** m:ss, or h:mm:ss, of the whole seconds left; rounds up while time is left. */
export function duration(seconds) {
  const whole = Math.max(0, Math.ceil(seconds - 0.02));
  const pad = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
