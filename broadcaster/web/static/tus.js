/** Sends a file in pieces (tus.io, 1.0.0), and goes on where it broke off: after a failure, or when the file is chosen again. */

const PATH = "/api/v1/uploads";
const PIECE = 4 * 1024 * 1024;
const PATIENCE_MS = [500, 1000, 2000, 4000, 8000, 15000];
const HEADERS = { "Tus-Resumable": "1.0.0", "X-Broadcaster": "page" };
const language = document.documentElement.lang;

/** Of an answer that will be the same however often it is asked for. `status` is that of HTTP. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** SHA-256 where the browser has it: it has not over plain http. */
async function checksum(piece) {
  if (globalThis.crypto?.subtle) return `sha256 ${base64(new Uint8Array(await crypto.subtle.digest("SHA-256", piece)))}`;
  let sum = 0xffffffff;
  for (const byte of new Uint8Array(piece)) sum = CRC[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  sum = ~sum >>> 0;
  return `crc32 ${base64([sum >>> 24, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff])}`;
}

async function ask(method, path, headers, body, signal) {
  const answer = await fetch(`${path}?lang=${language}`, { method, headers: { ...HEADERS, ...headers }, body, signal });
  if (answer.ok) return answer;
  let detail = `${answer.status} ${answer.statusText}`;
  try {
    const told = (await answer.json()).detail;
    if (typeof told === "string") detail = told;
  } catch {
    // A HEAD has no body.
  }
  throw new Refused(answer.status, detail);
}

function mark(file, kind) {
  return `upload ${kind} ${file.name} ${file.size} ${file.lastModified}`;
}

/** Where the file goes on: {path, offset}. One that was begun before is gone on with. */
async function begin(file, kind, replaces, signal) {
  const known = localStorage.getItem(mark(file, kind));
  if (known) {
    try {
      const answer = await ask("HEAD", known, {}, null, signal);
      return { path: known, offset: Number(answer.headers.get("Upload-Offset")) };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
    }
  }
  const name = base64(new TextEncoder().encode(file.name));
  const metadata = `filename ${name},kind ${btoa(kind)}${replaces ? ",replace" : ""}`;
  const answer = await ask("POST", PATH, { "Upload-Length": String(file.size), "Upload-Metadata": metadata }, null, signal);
  const path = answer.headers.get("Location");
  localStorage.setItem(mark(file, kind), path);
  return { path, offset: 0 };
}

/** What has become of it, once it has been checked. */
async function judged(path, onState, signal) {
  for (;;) {
    const told = await (await ask("GET", path, {}, null, signal)).json();
    onState(told.state);
    if (told.state === "ready" || told.state === "refused") return told;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/**
 * Resolves to what the service says of the file, with `state` ready or refused.
 * `onProgress(bytes)`, `onState(state)` and `onTrouble()` are called on the way; an aborted `signal` gives up.
 */
export async function send(file, { kind, replaces = false, onProgress, onState, onTrouble, signal }) {
  let failures = 0;
  for (;;) {
    try {
      const place = await begin(file, kind, replaces, signal);
      onState("receiving");
      while (place.offset < file.size) {
        onProgress(place.offset);
        const piece = await file.slice(place.offset, place.offset + PIECE).arrayBuffer();
        const headers = {
          "Content-Type": "application/offset+octet-stream",
          "Upload-Offset": String(place.offset),
          "Upload-Checksum": await checksum(piece),
        };
        const answer = await ask("PATCH", place.path, headers, piece, signal);
        place.offset = Number(answer.headers.get("Upload-Offset"));
        failures = 0;
      }
      onProgress(file.size);
      const told = await judged(place.path, onState, signal);
      localStorage.removeItem(mark(file, kind));
      return told;
    } catch (error) {
      if (signal?.aborted) {
        const known = localStorage.getItem(mark(file, kind));
        localStorage.removeItem(mark(file, kind));
        if (known) await ask("DELETE", known, {}, null).catch(() => {});
        throw error;
      }
      // 409 with a byte: what was sent before has arrived after all. 408, 423, 460, 5xx and no answer at all pass.
      const isFinal = error instanceof Refused && error.status < 500 && ![408, 409, 423, 460].includes(error.status);
      const isBeginning = error instanceof Refused && error.status === 409 && !localStorage.getItem(mark(file, kind));
      if (isFinal || isBeginning || (error instanceof Refused && error.status === 507)) throw error;
      onTrouble();
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS[Math.min(failures, PATIENCE_MS.length - 1)]));
      failures += 1;
    }
  }
}
