"""Links as exhibitors hand them in, made fit for a public channel."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from broadcaster.language import gettext as _


class BadLink(NamedTuple):
    """Why a link is not shown to viewers, and what to do."""

    message: str
    hint: str


_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))+\.?", re.ASCII)
_HANDLE = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9._]{0,28}[A-Za-z0-9_])?)")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\ufeff]")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+")


def https_link(text: str) -> str | BadLink:
    """A complete https URL, as it is; anything else is refused, never repaired: a guessed link may lead elsewhere."""
    if _UNPRINTABLE.search(text):
        return BadLink(
            _("The link “%(link)s” contains a space or an invisible character.", link=_short(text)),
            _("Give exactly one link, without spaces."),
        )
    scheme = _SCHEME.match(text)
    if scheme is None:
        return BadLink(
            _("The link “%(link)s” does not begin with https://.", link=_short(text)),
            _("Write https://%(link)s, after trying it in a browser.", link=_short(text.lstrip("/"))),
        )
    if scheme[1].lower() == "http":
        return BadLink(
            _("The link “%(link)s” is not https.", link=_short(text)),
            _("Write https:// instead of http://, after trying it in a browser."),
        )
    if scheme[1].lower() != "https":
        return BadLink(
            _("The link “%(link)s” is not a web link (%(scheme)s:).", link=_short(text), scheme=scheme[1].lower()),
            _("Only https:// links are shown to viewers."),
        )
    return _checked_host(text)


def _checked_host(text: str) -> str | BadLink:
    try:
        url = urlsplit(text)
        host, _port = url.hostname or "", url.port
        ascii_host = host.encode("idna").decode("ascii") if host else ""
    except ValueError:
        return _no_host(text)
    if "@" in url.netloc:
        return BadLink(
            _("The link “%(link)s” carries a user name or password before the “@”.", link=_short(text)),
            _("Leave out everything between https:// and “@”."),
        )
    if not text[6:].startswith("//") or "\\" in text or _HOST.fullmatch(ascii_host) is None:
        return _no_host(text)
    if any(mark in text for mark in '<>"'):
        return BadLink(
            _("The link “%(link)s” contains <, > or a quotation mark.", link=_short(text)),
            _("Copy the link again from the browser's address bar."),
        )
    return text


def _no_host(text: str) -> BadLink:
    return BadLink(
        _("The link “%(link)s” has no valid address.", link=_short(text)),
        _("Copy the link again from the browser's address bar."),
    )


def whatsapp_link(text: str) -> str | BadLink:
    """A wa.me URL of a number in any usual writing: 0812-3456-7890, +62 812…, or a link to wa.me."""
    number = text.strip()
    if _SCIENTIFIC.fullmatch(number):
        return BadLink(
            _("The WhatsApp number “%(number)s” has been rounded by the spreadsheet.", number=number),
            _("Format the column as text and enter the number again."),
        )
    if _SCHEME.match(number) or "wa.me" in number or "whatsapp" in number.lower():
        number = _number_in_url(number)
    international = number.lstrip().startswith(("+", "00"))
    digits = re.sub(r"[\s()./+\-‐-―\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00a0]", "", number)
    if digits.startswith("00"):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = "62" + digits[1:]
    elif digits.startswith("8") and not international:
        # Spreadsheets drop the leading zero of 0812…
        digits = "62" + digits
    if digits.startswith("620"):
        digits = "62" + digits[3:]
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15):
        return BadLink(
            _("“%(number)s” is not a WhatsApp number.", number=_short(text)),
            _("Write it like 0812-3456-7890 or +62 812-3456-7890."),
        )
    return f"https://wa.me/{digits}"


def _number_in_url(text: str) -> str:
    try:
        url = urlsplit(text if "//" in text else f"https://{text}")
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return text
    if host == "wa.me":
        return "+" + url.path.strip("/+ ")
    if host in {"api.whatsapp.com", "web.whatsapp.com", "whatsapp.com"}:
        return "+" + parse_qs(url.query).get("phone", [""])[0].strip("+ ")
    return text


def instagram_link(text: str) -> str | BadLink:
    """The profile's URL for @handle, handle, or any link to it."""
    handle = text.strip()
    bare = re.sub(r"^(?:https?://)?(?:www\.|m\.)?(?:instagram\.com|instagr\.am)/", "", handle, flags=re.IGNORECASE)
    if bare != handle:
        handle = re.split(r"[/?#]", bare, maxsplit=1)[0]
    elif _SCHEME.match(handle):
        link = https_link(handle)
        return link if isinstance(link, BadLink) else _not_instagram(text)
    match = _HANDLE.fullmatch(handle)
    return f"https://www.instagram.com/{match[1]}" if match else _not_instagram(text)


def _not_instagram(text: str) -> BadLink:
    return BadLink(
        _("“%(name)s” is not an Instagram name.", name=_short(text)),
        _("Write it like @batik.sekar."),
    )


def _short(text: str) -> str:
    """The text for a message: printable, not endless, and without a password."""
    text = re.sub(r"//[^/@]*@", "//…@", text)
    printable = "".join(letter if letter.isprintable() else "·" for letter in text)
    return printable if len(printable) <= 80 else printable[:79] + "…"
