"""What “Use this” offers can be copied, and gives the numbers of the page."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from html import unescape

import httpx
import pytest

from tests.servers import Served

pytestmark = pytest.mark.slow

VIEW = "/demo/mexico-2015/view?chart=bar&group=ID_Ramo&cut=phase.phase:%22executed%22&size=3"
TOTAL = Decimal("108000034.44")


@pytest.fixture(scope="module")
def snippets(demo: Served) -> dict[str, str]:
    text = httpx.get(demo.address + VIEW).text
    return {
        name: unescape(code) for name, code in re.findall(r'id="use-(\w+)"[^>]*><code>(.*?)</code>', text, re.DOTALL)
    }


def added(lines: list[str]) -> Decimal:
    """The sum of the third column of CSV without commas in its texts' numbers."""
    return sum((Decimal(re.findall(r'(?:^|,)("[^"]*"|[^,]*)', line)[2]) for line in lines), Decimal(0))


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_command_of_curl_runs(snippets: dict[str, str]) -> None:
    answer = run("sh", "-c", snippets["curl"])
    assert added(answer.splitlines()[1:]) == TOTAL


def test_the_statement_runs(demo: Served, snippets: dict[str, str]) -> None:
    answer = httpx.get(f"{demo.address}/v1/sql.csv", params={"query": snippets["sql"]}, timeout=30)
    assert answer.status_code == 200, answer.text
    assert added(answer.text.splitlines()[1:]) == TOTAL


def test_the_python_code_runs(snippets: dict[str, str]) -> None:
    added_up = snippets["python"].replace("print(cells)", 'print(cells["amount.sum"].sum())')
    assert Decimal(run(sys.executable, "-c", added_up).strip()) == TOTAL


def test_addresses_lead_to_the_same_numbers(snippets: dict[str, str]) -> None:
    assert httpx.get(snippets["api"]).json()["summary"]["amount.sum"] == str(TOTAL)
    assert "108,000,034.44" in httpx.get(snippets["url"]).text
    (address,) = re.findall(r'=IMPORTDATA\("(.*)"\)', snippets["sheet"])
    assert added(httpx.get(address).text.splitlines()[1:]) == TOTAL
    assert address in snippets["r"]
