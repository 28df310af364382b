"""The control room as pages and an HTTP API. `create_app` builds it, `serve` runs it in the given loop."""

from broadcaster.web.application import create_app
from broadcaster.web.server import ServerError, WebServer, serve

__all__ = ["ServerError", "WebServer", "create_app", "serve"]
