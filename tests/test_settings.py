from __future__ import annotations

from pathlib import Path

import pytest

from openspending.errors import BadSettings
from openspending.settings import TABLE, read_settings

KEYS = {"OS_ACCESS_KEY_ID": "someone", "OS_SECRET_ACCESS_KEY": "hush-hush"}


def test_without_settings_everything_lies_in_the_data_folder() -> None:
    settings = read_settings({})
    assert settings.data == Path("data").absolute()
    assert settings.public_url == (settings.data / "public").as_uri()
    assert settings.private_url == (settings.data / "private").as_uri()
    assert settings.cache == settings.data / "cache"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)


def test_the_data_option_wins_over_the_environment(tmp_path: Path) -> None:
    assert read_settings({"OS_DATA": "/elsewhere"}, data=tmp_path).data == tmp_path


def test_a_bare_bucket_name_and_its_url_mean_the_same() -> None:
    bare = read_settings({"OS_STORAGE_BUCKET_NAME": "datastore", **KEYS})
    url = read_settings({"OS_STORAGE_BUCKET_NAME": "s3://datastore", **KEYS})
    assert bare == url
    assert bare.private_url == "s3://datastore-private"


def test_the_private_store_is_another_bucket_not_a_prefix() -> None:
    settings = read_settings({"OS_STORAGE_BUCKET_NAME": "s3://datastore/prefix", **KEYS})
    assert settings.private_url == "s3://datastore-private/prefix"


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [("s3.example.org", "https://s3.example.org"), ("http://localhost:9000/", "http://localhost:9000")],
)
def test_the_s3_server_is_a_host_or_a_url(given: str, endpoint: str) -> None:
    assert read_settings({"OS_S3_HOSTNAME": given}).s3.endpoint == endpoint


def test_empty_variables_count_as_absent() -> None:
    assert read_settings(dict.fromkeys((one.name for one in TABLE), "")) == read_settings({})


def test_the_secret_is_never_printed() -> None:
    settings = read_settings({"OS_STORAGE_BUCKET_NAME": "datastore", **KEYS})
    assert settings.s3.secret_key == "hush-hush"
    assert "hush-hush" not in repr(settings)
    with pytest.raises(BadSettings) as caught:
        read_settings({"OS_SECRET_ACCESS_KEY": "hush-hush", "OS_PORT": "x"})
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OS_STORAGE_BUCKET_NAME", "two words"),
        ("OS_STORAGE_BUCKET_NAME", "ftp://bucket"),
        ("OS_S3_HOSTNAME", "ftp://host"),
        ("OS_S3_HOSTNAME", "http://user:password@host"),
        ("OS_S3_HOSTNAME", "https://host/path"),
        ("OS_PORT", "65536"),
        ("OS_PORT", "-1"),
        ("OS_PORT", "80.5"),
        ("OS_THREADS", "0"),
        ("OS_MEMORY_LIMIT", "lots"),
        ("OS_MEMORY_LIMIT", "4"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        read_settings({name: value, **KEYS})


@pytest.mark.parametrize(
    "url", ["postgresql://host/search", "postgres://someone:secret@host:5433/search?sslmode=require"]
)
def test_a_search_server_is_a_postgresql(url: str) -> None:
    settings = read_settings({"OS_SEARCH_URL": url})
    assert settings.search_url == url
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    "url", ["secret", "http://someone:secret@host/name", "postgresql://someone:secret@host", "x y"]
)
def test_another_search_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadSettings, match="OS_SEARCH_URL") as caught:
        read_settings({"OS_SEARCH_URL": url})
    assert "secret" not in str(caught.value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({"OS_PORT": "x", "OS_THREADS": "y", "OS_ACCESS_KEY_ID": "someone"})
    assert len(str(caught.value).splitlines()) == 3
    assert "OS_SECRET_ACCESS_KEY" in str(caught.value)


def test_half_a_pair_of_keys_is_refused() -> None:
    with pytest.raises(BadSettings, match="OS_SECRET_ACCESS_KEY"):
        read_settings({"OS_ACCESS_KEY_ID": "someone"})


@pytest.mark.parametrize("private", ["s3://datastore", "datastore", "s3://datastore/hidden"])
def test_the_private_store_cannot_lie_in_the_public_one(private: str) -> None:
    with pytest.raises(BadSettings, match="must not share"):
        read_settings({"OS_STORAGE_BUCKET_NAME": "datastore", "OS_PRIVATE_BUCKET_NAME": private, **KEYS})
