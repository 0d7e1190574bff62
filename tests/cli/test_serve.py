from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.demo import InstallDemo
from tests.servers import clean_environment, openspending, serving
from tests.stack import running

pytestmark = pytest.mark.slow


def test_the_printed_address_answers_and_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert httpx.get(f"{server.address}/health").json()["status"] == "ok"
        assert httpx.get(f"{server.address}/").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.address}/health")


def test_the_first_start_prints_a_link_that_makes_an_administrator_once(tmp_path: Path) -> None:
    with running("serve", tmp_path, {"OS_DATA": str(tmp_path)}, "serve", "--port", "0") as process:
        link = process.line("#code=").split()[-1]
        assert link.startswith(f"{process.address}/sign-in#code=")
        code = link.partition("#code=")[2]
        with httpx.Client(base_url=process.address) as browser:
            assert browser.post("/v1/identity/sign-in", json={"code": code}).status_code == 200
            assert browser.get("/v1/identity/me").json()["administrator"] is True
        assert httpx.post(f"{process.address}/v1/identity/sign-in", json={"code": code}).status_code == 401


def test_a_termination_signal_stops_it_cleanly_also_while_a_client_sends_half_a_request(tmp_path: Path) -> None:
    with running(
        "serve", tmp_path, {"OS_DATA": str(tmp_path)}, "serve", "browse", "read-api", "--port", "0"
    ) as process:
        host, _, port = process.address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"POST /v1/sql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            time.sleep(0.2)
            process.stop()  # asserts that it ended well, within twenty seconds


def test_an_unknown_component_and_a_database_that_is_not_there_are_said_plainly(tmp_path: Path) -> None:
    refused = openspending("--data", str(tmp_path), "serve", "reed-api")
    assert refused.returncode == 1
    assert "Did you mean read-api?" in refused.stderr
    nowhere = "postgresql://someone:hush@127.0.0.1:1/none"
    refused = openspending("--data", str(tmp_path), "work", OS_DATABASE_URL=nowhere)
    assert refused.returncode == 1
    assert "does not answer" in refused.stderr
    assert "hush" not in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_demo_is_served_with_its_data(install_demo: InstallDemo, tmp_path: Path) -> None:
    data = install_demo(tmp_path / "data")
    with running("demo", tmp_path, {"OS_DATA": str(data)}, "demo", "--serve", "--port", "0") as server:
        answer = httpx.get(
            f"{server.address}/api/3/cubes/demo:ukgov-finances-cra/aggregate/", params={"aggregates": "_count"}
        )
        assert answer.json()["summary"] == {"_count": 2000}


def test_what_is_published_meanwhile_is_served_at_once(tmp_path: Path) -> None:
    package = Path(__file__).resolve().parents[2] / "examples" / "packages" / "suginami-2013"
    with serving(tmp_path) as server:
        assert httpx.get(f"{server.address}/tokyo/suginami-2013").status_code == 404
        done = openspending("--data", str(tmp_path), "publish", str(package), "--owner", "tokyo")
        assert done.returncode == 0, done.stderr
        assert "155,853,000,000" in httpx.get(f"{server.address}/tokyo/suginami-2013").text


def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = openspending("--data", str(tmp_path), "serve", "--port", port)
    assert refused.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "--port" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_ctrl_c_stops_a_publish_with_exit_code_130(tmp_path: Path) -> None:
    table = tmp_path / "data.csv"
    with table.open("w", encoding="utf-8") as file:
        file.write("year,amount\n")
        for _ in range(40):
            file.write("2025,1.25\n" * 100_000)
    fields = [
        {"name": "year", "type": "integer", "columnType": "date:fiscal-year"},
        {"name": "amount", "type": "number", "columnType": "value"},
    ]
    descriptor = {"name": "big", "resources": [{"name": "data", "path": "data.csv", "schema": {"fields": fields}}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    command = [str(Path(sys.executable).parent / "openspending"), "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        [*command, "publish", str(tmp_path), "--owner", "me"],
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
