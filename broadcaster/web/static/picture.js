/** Program's picture, about twice a second, and only while somebody can see it. */

const PERIOD_MS = 500;
const NONE_MS = 5000;
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
