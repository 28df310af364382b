/** The lower third: whose video this is. Only for profiles; other items speak for themselves. */

import { follow, put } from "../shared/feed.js";

const plate = document.getElementById("plate");
let shown = null;

follow(({ on_air: item }) => {
  const isProfile = item !== null && item.type === "profile";
  const key = isProfile ? `${item.id} ${item.start}` : null;
  for (const [id, text] of isProfile ? lines(item) : []) {
    const line = document.getElementById(id);
    put(line, text);
    line.hidden = !text;
  }
  // Hidden for one frame between two exhibitors, so that the plate enters anew with the new name.
  if (key !== shown) plate.hidden = true;
  shown = key;
  requestAnimationFrame(() => {
    plate.hidden = shown === null;
  });
});

function lines(item) {
  return [
    ["name", item.name],
    ["who", [item.owner, item.city].filter(Boolean).join(" · ")],
    ["tagline", item.tagline],
  ];
}
