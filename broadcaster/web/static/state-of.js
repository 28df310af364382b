/** The one word that says how the show stands. */
export function stateOf(status, isStale) {
  if (isStale || !status) return "stale";
  return status.automation === "yielded" ? "yielded" : status.playback;
}
