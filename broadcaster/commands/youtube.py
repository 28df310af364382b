"""`youtube login`."""

from __future__ import annotations

import typer

from broadcaster.commands import options
from broadcaster.commands.options import CONFIG, Config, fail, out
from broadcaster.devices.youtube.faults import BadCredentials
from broadcaster.language import gettext as _

app = typer.Typer(no_args_is_help=True)


@app.callback()
def youtube() -> None:
    """Keeps `login` a command of its own while it is the only one: Typer would merge it with its group."""


@app.command("login", help=_("Let Google know this service, once, in the browser."))
def login(config: Config = CONFIG) -> None:
    from broadcaster.devices.youtube.login import log_in

    settings = options.settings(config).youtube
    if settings.client_secrets is None:
        fail(_("Set [youtube] client_secrets to the client_secrets.json of your Google Cloud project."))
    try:
        log_in(settings.client_secrets, settings.token_file)
    except BadCredentials as error:
        fail(str(error))
    out.print("[green]✓[/] " + _("The login is in %(path)s.", path=settings.token_file), soft_wrap=True)
