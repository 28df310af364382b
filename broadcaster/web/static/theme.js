/* Dark unless somebody has chosen light on this machine. Runs before the first paint, so that nothing flashes. */
(function () {
  const root = document.documentElement;
  const read = () => {
    try {
      return localStorage.getItem("theme") === "light" ? "light" : "dark";
    } catch {
      return "dark";
    }
  };
  root.dataset.theme = read();
  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("[data-theme-switch]")) return;
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // A browser that keeps nothing shows it until the page is left.
    }
  });
})();
