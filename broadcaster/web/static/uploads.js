/** The page of files: what is sent from here, and what has come in the last day. */

import { Refused, send } from "./tus.js";

const words = JSON.parse(document.getElementById("upload-words").textContent);
const list = document.getElementById("uploads");
const none = document.getElementById("none");
const form = document.getElementById("send");
const chooser = document.getElementById("files");

function row(name) {
  const item = document.createElement("li");
  item.className = "upload";
  item.innerHTML = '<b class="name"></b><progress max="1" value="0"></progress><span class="state"></span><p class="refusal" hidden></p>';
  item.querySelector(".name").textContent = name;
  item.querySelector("progress").setAttribute("aria-label", name);
  list.prepend(item);
  none.hidden = true;
  return item;
}

function show(item, state, detail = "") {
  item.dataset.state = state;
  item.querySelector(".state").textContent = words[state];
  const isOver = ["ready", "refused", "stopped"].includes(state);
  item.querySelector("progress").hidden = isOver;
  if (isOver) item.querySelector("button")?.remove();
  const refusal = item.querySelector(".refusal");
  refusal.textContent = detail;
  refusal.hidden = !detail;
}

function button(item, word, act) {
  item.querySelector("button")?.remove();
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = word;
  made.addEventListener("click", act);
  item.append(made);
}

async function start(file, kind, replaces = false) {
  const item = row(file.name);
  const stop = new AbortController();
  show(item, "waiting");
  button(item, words.stop, () => stop.abort());
  try {
    const told = await send(file, {
      kind,
      replaces,
      signal: stop.signal,
      onState: (state) => show(item, state),
      onProgress: (bytes) => {
        item.querySelector("progress").value = file.size ? bytes / file.size : 1;
      },
      onTrouble: () => show(item, "receiving", words.again),
    });
    item.querySelector(".name").textContent = told.name;
    show(item, told.state, told.detail);
  } catch (error) {
    show(item, stop.signal.aborted ? "stopped" : "refused", stop.signal.aborted ? "" : error.message);
    if (error instanceof Refused && error.status === 409 && !replaces) {
      button(item, words.replace, () => {
        item.remove();
        start(file, kind, true);
      });
    }
  }
}

async function sendAll(files) {
  const { kind } = Object.fromEntries(new FormData(form));
  // One after the other: together they would all be slow, and none ready.
  for (const file of files) await start(file, kind);
}

form.addEventListener("change", (event) => {
  if (event.target.name === "kind") chooser.accept = event.target.dataset.accept;
  if (event.target !== chooser) return;
  const files = [...chooser.files];
  form.querySelector("#files").value = "";
  sendAll(files);
});
form.addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragover", "dragleave", "drop"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.toggle("over", name === "dragover");
    if (name === "drop") sendAll([...event.dataTransfer.files]);
  });
}

const known = await (await fetch("/api/v1/uploads", { headers: { "X-Broadcaster": "page" } })).json();
for (const upload of known.reverse()) {
  const item = row(upload.name);
  item.querySelector("progress").value = upload.length ? upload.offset / upload.length : 1;
  show(item, upload.state, upload.detail);
}
