/** Program's picture, about twice a second, and only while somebody can see it. */

const PERIOD_MS = 500;
const NONE_MS = 5000;
const PREVIEW_MS = 2000;
const WIDTHS = [320, 640, 960];

export class Picture {
  #panel = document.getElementById("program");
  #image = this.#panel.querySelector("img");
  #none = this.#panel.querySelector(".none");
  #isInView = false;
  #canBeHad = false;
  #isLoading = false;
  #due = 0;

  constructor() {
    new IntersectionObserver(([entry]) => {
      this.#isInView = entry.isIntersecting;
    }).observe(this.#panel);
    setInterval(() => this.#refresh(), 100);
  }

  /** `obs` is the status' own. Without a connection OBS is not even asked. */
  show(obs) {
    this.#canBeHad = ["connected", "yielded", "rehearsal"].includes(obs?.state);
    if (!this.#canBeHad) this.#hide();
    this.#panel.querySelector(".scene .clip").textContent = obs?.program_scene ?? "";
  }

  #hide() {
    this.#image.hidden = true;
    this.#none.hidden = false;
  }

  async #refresh() {
    const now = performance.now();
    if (this.#isLoading || now < this.#due || !this.#canBeHad) return;
    if (!this.#isInView || document.visibilityState !== "visible") return;
    this.#isLoading = true;
    const wanted = this.#panel.clientWidth * devicePixelRatio;
    const width = WIDTHS.find((known) => known >= wanted) ?? WIDTHS.at(-1);
    // Loaded aside and then swapped in: the picture on the page never blinks.
    const fresh = new Image();
    fresh.src = `/api/v1/program.png?width=${width}&at=${Date.now()}`;
    try {
      await fresh.decode();
      fresh.alt = this.#image.alt;
      this.#image.replaceWith(fresh);
      this.#image = fresh;
      this.#none.hidden = true;
      this.#due = now + PERIOD_MS;
    } catch {
      this.#hide();
      this.#due = now + NONE_MS;
    } finally {
      this.#isLoading = false;
    }
  }
}

/** What the next item will look like: its video's still, or its scene in OBS, which moves. */
export class UpcomingPicture {
  #panel = document.getElementById("preview");
  #image = this.#panel.querySelector("img");
  #next = null;
  #due = 0;

  constructor() {
    setInterval(() => this.#refresh(), 250);
  }

  show(next) {
    if (next?.id !== this.#next?.id) this.#due = 0;
    this.#next = next;
    this.#panel.querySelector(".scene .clip").textContent = next ? `${next.cue} ${next.title}` : "";
    if (!next) this.#toggle(false);
  }

  #toggle(isThere) {
    this.#image.hidden = !isThere;
    this.#panel.querySelector(".none").hidden = isThere;
  }

  async #refresh() {
    const now = performance.now();
    if (!this.#next || now < this.#due || document.visibilityState !== "visible" || !this.#panel.offsetParent) return;
    this.#due = now + PREVIEW_MS;
    const id = this.#next.id;
    const fresh = new Image();
    fresh.src = `/api/v1/preview.jpg?width=320&of=${encodeURIComponent(id)}&at=${Date.now()}`;
    try {
      await fresh.decode();
      if (id !== this.#next?.id) return;
      fresh.alt = this.#image.alt;
      this.#image.replaceWith(fresh);
      this.#image = fresh;
      this.#toggle(true);
    } catch {
      this.#toggle(false);
      this.#due = now + NONE_MS;
    }
  }
}
