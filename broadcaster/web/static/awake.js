/** Keeps the screen on while a page is looked at, where the browser can: a phone in the hand must not go dark. */

let lock = null;

async function hold() {
  if (!("wakeLock" in navigator) || lock || document.visibilityState !== "visible") return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => {
      lock = null;
    });
  } catch {
    // A battery that runs low, or a page that is not served over https: the screen goes dark as it always did.
  }
}

/** The browser lets go of it whenever the page is hidden. */
export function stayAwake() {
  document.addEventListener("visibilitychange", hold);
  hold();
}
