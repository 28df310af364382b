/**
 * Forms whose answer is JSON. A form says where it goes by data-method and data-path; then comes
 * data-onward (a page; empty for this one anew), data-told (a sentence), or data-shows (a key of the answer).
 */

const language = document.documentElement.lang;

function content(form) {
  const given = {};
  for (const [name, value] of new FormData(form)) {
    if (name === "-") continue;
    if (name.endsWith("[]")) (given[name.slice(0, -2)] ??= []).push(value);
    else given[name] = value;
  }
  return given;
}

async function send(form) {
  const refusal = form.querySelector(".refusal");
  refusal.hidden = true;
  const { method, path, onward, told, shows } = form.dataset;
  try {
    const answer = await fetch(`${path}?lang=${language}`, {
      method,
      headers: { "Content-Type": "application/json", "X-Broadcaster": "page" },
      body: method === "DELETE" ? null : JSON.stringify(content(form)),
    });
    if (!answer.ok) throw new Error(await reason(answer));
    if (onward !== undefined) {
      if (onward) location.assign(onward);
      else location.reload();
      return;
    }
    if (shows) {
      const shown = form.querySelector(".shown");
      shown.querySelector("code").textContent = (await answer.json())[shows];
      shown.hidden = false;
    }
    form.reset();
    if (told) say(refusal, told, "done");
  } catch (error) {
    say(refusal, error.message, "refused");
  }
}

async function reason(answer) {
  try {
    const { detail } = await answer.json();
    if (typeof detail === "string") return detail;
    return detail.map((each) => each.msg).join(" ");
  } catch {
    return `${answer.status} ${answer.statusText}`;
  }
}

function say(place, sentence, kind) {
  place.textContent = sentence;
  place.dataset.kind = kind;
  place.hidden = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.path) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (form.dataset.asks && !button.dataset.sure) {
    // A second press within a few seconds is a yes: the question stands beside the button.
    button.dataset.sure = "1";
    say(form.querySelector(".refusal"), form.dataset.asks, "asked");
    setTimeout(() => {
      delete button.dataset.sure;
      form.querySelector(".refusal").hidden = true;
    }, 5000);
    return;
  }
  if (button) button.setAttribute("aria-busy", "true");
  send(form).finally(() => button?.removeAttribute("aria-busy"));
});

document.addEventListener("change", (event) => {
  if ("submits" in event.target.dataset) event.target.form.requestSubmit();
});

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  time.textContent = at.toLocaleString(language, { dateStyle: "medium", timeStyle: "long" });
  time.title = time.dateTime;
}
