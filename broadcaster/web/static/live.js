/** The one socket of a page: reconnects for ever, and knows when what it has heard is old. */

const STALE_MS = 3000;
const OPENING_MS = 5000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 4000;

/** Whether the service is there, and wants somebody to sign in: a refused socket does not say why. */
async function isSignedOut() {
  try {
    const answer = await fetch("/api/v1/session", { signal: AbortSignal.timeout(OPENING_MS) });
    return answer.status === 401;
  } catch {
    return false;
  }
}

/**
 * Calls `onMessage(message)` for each message, and `onStale(milliseconds, isSignedOut)` while none has come for three
 * seconds. `isSignedOut`: the service is there, but this browser's session has ended.
 */
export function listen(path, { onMessage, onStale }) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  let socket = null;
  let heard = performance.now();
  let opened = heard;
  let retry = FIRST_RETRY_MS;
  let isOut = false;

  function open() {
    opened = performance.now();
    const mine = new WebSocket(url);
    socket = mine;
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      heard = performance.now();
      retry = FIRST_RETRY_MS;
      isOut = false;
      onMessage(JSON.parse(event.data));
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      again();
      isSignedOut().then((answer) => {
        isOut = answer;
      });
    };
  }

  function again() {
    socket = null;
    // Spread out, so that fifty pages do not all come back in the same instant.
    setTimeout(open, retry * (0.75 + Math.random() / 2));
    retry = Math.min(retry * 2, LAST_RETRY_MS);
  }

  setInterval(() => {
    const now = performance.now();
    const silent = now - heard;
    if (silent < STALE_MS) return;
    onStale(silent, isOut);
    // A connection that hangs says nothing, not even that it is closed.
    if (socket && now - opened > OPENING_MS) {
      const hanging = socket;
      again();
      hanging.close();
    }
  }, 250);

  open();
}
