/** What the page says, as the server wrote it in the language of the request. */
export const words = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang;

/** Fill the %(named)s parts of a sentence. */
export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);
}
