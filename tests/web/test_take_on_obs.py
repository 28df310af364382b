"""A take at the page is a picture in OBS: by key and by button, on the real OBS."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from tests.test_on_air import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Browser

pytestmark = [
    pytest.mark.obs,
    pytest.mark.browser,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_a_take_by_key_and_by_button_changes_the_picture_and_a_scene_clicked_in_obs_is_told(
    browser: Browser, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    cards = [{"id": f"i{n}", "type": "slate", "title": f"Kartu {n}", "duration": "5m"} for n in range(4)]
    try:
        await asyncio.to_thread(stage.prepare_obs)
        stage.write(datetime.now(UTC) + timedelta(hours=1), cards, {})
        await asyncio.to_thread(stage.begin)
        page = await browser.new_page(viewport={"width": 1366, "height": 800})
        await page.goto(f"http://127.0.0.1:{stage.web_port}/?lang=en")
        await expect(page.locator("#obs .word")).to_have_text("connected", timeout=30_000)
        await expect(page.locator("#program img")).to_be_visible(timeout=15_000)

        await page.keyboard.press("Space")
        await expect(page.locator("#program .scene")).to_contain_text("Kartu 0")
        await page.wait_for_timeout(1200)  # a second take within a second is a double press
        await page.locator(".actions [data-act=take]").click()
        await expect(page.locator("#program .scene")).to_contain_text("Kartu 1")
        scene = await asyncio.to_thread(stage.eyes.connection.call, "GetCurrentProgramScene")
        assert scene["currentProgramSceneName"] == "Expo · 02 Kartu 1"

        await asyncio.to_thread(stage.eyes.connection.call, "SetCurrentProgramScene", sceneName="Panggung Utama")
        await expect(page.locator("#state .word")).to_have_text("TAKEN OVER")
        await page.locator("#yielded").get_by_role("button", name="Resume automation").click()
        await expect(page.locator("#program .scene")).to_contain_text("Kartu 1")
        await page.close()
    finally:
        await asyncio.to_thread(stage.end)
