"""Starts the emulator by hand, for a service that runs beside it: python -m tests.emulators.youtube --port 8099."""

from __future__ import annotations

import argparse
import json
import threading
from pathlib import Path

from tests.emulators.youtube import YouTubeEmulator


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--video", default="expo-video-1", help="id of the video that is there at the start")
    parser.add_argument("--folder", type=Path, default=Path("var/youtube-emulator"), help="where the login is written")
    parser.add_argument("--quota", type=int, default=10_000)
    options = parser.parse_args()
    folder: Path = options.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with YouTubeEmulator(options.port, daily_quota=options.quota) as youtube:
        youtube.add_video(options.video, description="Siaran langsung pameran UMKM.", tags=["UMKM", "Pekalongan"])
        token_file = youtube.write_token_file(folder / "token.json")
        client_secrets = folder / "client_secrets.json"
        client_secrets.touch(mode=0o600)
        client_secrets.write_text(json.dumps(youtube.client_secrets()), "utf-8")
        print(
            "[youtube]",
            'mode = "live"',
            f'api_root = "{youtube.root}"',
            f'token_file = "{token_file}"',
            f'client_secrets = "{client_secrets}"',
            'channel_id = "UCexpo"',
            f'broadcast_id = "{options.video}"',
            "",
            sep="\n",
            flush=True,
        )
        seen, shown = 0, ""
        try:
            while True:
                threading.Event().wait(0.3)
                for request in youtube.requests[seen:]:
                    print(f"{request.status or '---'} {request.method}  ({youtube.quota_used} units)", flush=True)
                    seen += 1
                if (text := youtube.description(options.video)) != shown:
                    shown = text
                    print(*(f"    {line}" for line in text.splitlines()), sep="\n", flush=True)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
