from __future__ import annotations

import pytest

from openspending.usage.agents import BOT, LONGEST, PERSON, PROGRAM, kind_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
CUBOT = (
    "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize("agent", [FIREFOX, CHROME, SAFARI, CUBOT, "Opera/9.80 (Windows NT 6.1) Presto/2.12"])
def test_browsers_are_people(agent: str) -> None:
    assert kind_of(agent) == PERSON


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "curl/8.5.0",
        "Wget/1.21",
        "python-requests/2.31.0",
        "python-httpx/0.28.1",
        "Python-urllib/3.11",
        "Python/3.11 aiohttp/3.9",
        "R (4.3.1 x86_64-pc-linux-gnu)",
        "httr2/1.0 r-curl/5.2 libcurl/8.5",
        "duckdb/v1.4.1(linux_amd64) cli",
        "Go-http-client/1.1",
        "Apache-HttpClient/4.5.13 (Java/11)",
        "node-fetch/1.0",
        "PostmanRuntime/7.39",
    ],
)
def test_what_people_write_programs_with_is_no_bot(agent: str) -> None:
    assert kind_of(agent) == PROGRAM


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        f"{CHROME} (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0)",
        "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (Bytespider)",
        "facebookexternalhit/1.1",
        "ia_archiver",
        "Nobody-knows-this-Crawler/0.1",
        "UptimeRobot/2.0",
    ],
)
def test_crawlers_previews_and_monitors_are_bots(agent: str) -> None:
    assert kind_of(agent) == BOT


def test_only_the_beginning_of_an_agent_is_looked_at() -> None:
    assert kind_of(FIREFOX + " " * LONGEST + "Googlebot") == PERSON
