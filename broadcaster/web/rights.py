"""Who may call what: the one table that the gate follows, and from which the documents and the tests are made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadcaster.access import Right
from broadcaster.show.messages import Act

LOOK, EDIT, PRESS, RULE = Right.LOOK, Right.EDIT, Right.PRESS, Right.RULE
OPEN = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`method` is HTTP's, or WS. `path` is as the route has it; one that ends in /* stands for all below.

    `right` is None where everybody may. `act` is the word of the audit log for it; what only reads has none.
    """

    method: str
    path: str
    right: Right | None
    act: str = ""


RULES = (
    # What every viewer sees anyway, or is in the source.
    Rule("GET", "/healthz", OPEN),
    Rule("GET", "/now.json", OPEN),
    Rule("WS", "/overlays/live", OPEN),
    Rule("GET", "/overlays/theme.css", OPEN),
    Rule("GET", "/overlays/geometry.css", OPEN),
    Rule("GET", "/overlays/logo", OPEN),
    Rule("GET", "/overlays/*", OPEN),
    Rule("GET", "/static/*", OPEN),
    # The way in and out.
    Rule("GET", "/login", OPEN),
    Rule("POST", "/api/v1/session", OPEN, "sign in"),
    Rule("GET", "/api/v1/session", LOOK),
    Rule("DELETE", "/api/v1/session", LOOK, "sign out"),
    Rule("GET", "/account", LOOK),
    Rule("PUT", "/api/v1/account/password", LOOK, "change own password"),
    # What is so.
    Rule("GET", "/api/v1/openapi.json", LOOK),
    Rule("GET", "/api/v1/status", LOOK),
    Rule("GET", "/api/v1/vars", LOOK),
    Rule("GET", "/api/v1/rundown", LOOK),
    Rule("GET", "/api/v1/as-run", LOOK),
    Rule("GET", "/api/v1/descriptions", LOOK),
    Rule("GET", "/api/v1/description/preview", LOOK),
    Rule("GET", "/api/v1/notices", LOOK),
    Rule("GET", "/api/v1/program.png", LOOK),
    Rule("GET", "/metrics", LOOK),
    Rule("WS", "/api/v1/live", LOOK),
    Rule("WS", "/api/v1/vars/live", LOOK),
    # What is on air.
    *(Rule("POST", f"/api/v1/{act}", PRESS, act.value) for act in Act),
    Rule("POST", "/api/v1/stream", PRESS, "stream"),
    Rule("POST", "/api/v1/youtube/prepare", PRESS, "prepare broadcast"),
    Rule("POST", "/api/v1/youtube/live", PRESS, "go live"),
    Rule("POST", "/api/v1/youtube/complete", PRESS, "end broadcast"),
    # Who may come in, and what they did.
    Rule("GET", "/people", RULE),
    Rule("GET", "/audit", RULE),
    Rule("GET", "/api/v1/people", RULE),
    Rule("POST", "/api/v1/people", RULE, "add person"),
    Rule("PATCH", "/api/v1/people/{name}", RULE, "change person"),
    Rule("DELETE", "/api/v1/people/{name}", RULE, "remove person"),
    Rule("GET", "/api/v1/sessions", RULE),
    Rule("DELETE", "/api/v1/sessions/{session_id}", RULE, "end session"),
    Rule("GET", "/api/v1/tokens", RULE),
    Rule("POST", "/api/v1/tokens", RULE, "make token"),
    Rule("DELETE", "/api/v1/tokens/{token_id}", RULE, "remove token"),
    Rule("GET", "/api/v1/audit", RULE),
    # Files.
    Rule("GET", "/uploads", EDIT),
    Rule("GET", "/api/v1/uploads", EDIT),
    Rule("OPTIONS", "/api/v1/uploads", EDIT),
    Rule("POST", "/api/v1/uploads", EDIT, "send file"),
    Rule("GET", "/api/v1/uploads/{upload_id}", EDIT),
    Rule("HEAD", "/api/v1/uploads/{upload_id}", EDIT),
    Rule("PATCH", "/api/v1/uploads/{upload_id}", EDIT),
    Rule("DELETE", "/api/v1/uploads/{upload_id}", EDIT, "give file up"),
    Rule("GET", "/api/v1/exhibitors", LOOK),
    Rule("GET", "/api/v1/exhibitors/{exhibitor}/thumbnail.jpg", LOOK),
    Rule("GET", "/api/v1/preview.jpg", LOOK),
    # Pages: what may only be looked at has no buttons there.
    Rule("GET", "/", LOOK),
    Rule("GET", "/rundown", LOOK),
    Rule("GET", "/exhibitors", LOOK),
    Rule("GET", "/timer", LOOK),
    Rule("GET", "/mc", LOOK),
    Rule("GET", "/crew", LOOK),
    # Editing.
    Rule("GET", "/api/v1/edits", LOOK),
    Rule("POST", "/api/v1/edits/preview", EDIT),
    Rule("POST", "/api/v1/edits", EDIT, "edit"),
    Rule("POST", "/api/v1/edits/undo", EDIT, "undo"),
    Rule("POST", "/api/v1/edits/redo", EDIT, "redo"),
    Rule("PUT", "/api/v1/rundown", EDIT, "edit rundown"),
    Rule("POST", "/api/v1/description/preview", EDIT),
    Rule("PUT", "/api/v1/description/template", EDIT, "write description template"),
)


class Table:
    """Finds the rule for a request."""

    def __init__(self, rules: tuple[Rule, ...] = RULES) -> None:
        self._exact: dict[tuple[str, str], Rule] = {}
        self._patterns: list[tuple[str, re.Pattern[str], Rule]] = []
        for rule in rules:
            if "{" in rule.path or rule.path.endswith("*"):
                self._patterns.append((rule.method, _pattern(rule.path), rule))
            else:
                self._exact[rule.method, rule.path] = rule

    def find(self, method: str, path: str) -> Rule | None:
        """HEAD is a GET unless it has a rule of its own."""
        found = self._find(method, path)
        return self._find("GET", path) if found is None and method == "HEAD" else found

    def methods(self, path: str) -> list[str]:
        """Those of HTTP that the path has."""
        known = {method for method, exact in self._exact if exact == path}
        known |= {method for method, pattern, _rule in self._patterns if pattern.fullmatch(path)}
        return sorted(known - {"WS"})

    def _find(self, method: str, path: str) -> Rule | None:
        exact = self._exact.get((method, path))
        if exact is not None:
            return exact
        return next((rule for m, pattern, rule in self._patterns if m == method and pattern.fullmatch(path)), None)


def _pattern(path: str) -> re.Pattern[str]:
    if path.endswith("/*"):
        return re.compile(re.escape(path.removesuffix("*")) + ".*", re.DOTALL)
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
