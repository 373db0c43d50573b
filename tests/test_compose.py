"""docker-compose.yml: valid, closed where it should be, and running what `make run` runs.

There is no Docker engine in CI; the file is held to the published schema of the compose
specification (out of the package check-jsonschema) and to the promises of its comments.
"""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from gspace import clusterfiles, serve

CHECKOUT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {
    "SITE_HOST": "gspace.example",
    "TLS": "internal",
    "SECRET_KEY": "k" * 64,
    "POSTGRES_PASSWORD": "superuser-word",
    "GSPACE_DB_PASSWORD": "role-word",
}


def filled(value: Any) -> Any:
    """The file as compose sees it: ${NAME}, ${NAME:-default} and ${NAME:?complaint} replaced."""
    if isinstance(value, dict):
        return {key: filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner) for inner in value]
    if not isinstance(value, str):
        return value
    pattern = r"(?<!\$)\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}"
    return re.sub(pattern, lambda m: ENVIRONMENT.get(m[1], m[2] or ""), value)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return filled(yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text("utf-8")))


def test_it_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    pytest.importorskip("check_jsonschema")
    schemas = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text("utf-8"))
    faults = [
        f"{fault.json_path}: {fault.message}"
        for fault in jsonschema.validators.validator_for(schema)(schema).iter_errors(compose)
    ]
    assert not faults


def test_web_and_worker_run_the_words_of_make_run(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["prepare"]["command"] == ["python", *serve.PREPARE]
    assert services["worker"]["command"] == ["python", *serve.WORKER]
    assert services["reader"]["command"] == ["python", *serve.READER]
    assert services["exporter"]["command"] == ["python", *serve.EXPORTER]
    web = services["web"]["command"]
    assert web[: len(serve.WEB) + 1] == ["python", *serve.WEB]
    rest = dict(zip(web[len(serve.WEB) + 1 :: 2], web[len(serve.WEB) + 2 :: 2], strict=True))
    assert rest == {
        "--host": "0.0.0.0",
        "--port": "8000",
        "--forwarded-allow-ips": services["proxy"]["networks"]["inside"]["ipv4_address"],
    }


@pytest.mark.parametrize(
    "name", ["db", "prepare", "web", "worker", "reader", "exporter", "proxy", "seaweedfs"]
)
def test_no_service_is_root_or_writes_outside_its_volumes(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    assert service["user"].split(":")[0] not in {"", "0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    # `prepare` ends by itself; every other one says how one sees that it is well
    assert name == "prepare" or "healthcheck" in service


def test_only_the_proxy_can_be_reached_and_nothing_inside_calls_out(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    assert [name for name in services if services[name].get("ports")] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    outside = [name for name in services if "outside" in services[name]["networks"]]
    assert outside == ["proxy"]


def test_a_plain_up_starts_no_object_store(compose: dict[str, Any]) -> None:
    assert compose["services"]["seaweedfs"]["profiles"] == ["s3"]
    default = [name for name, found in compose["services"].items() if "profiles" not in found]
    assert sorted(default) == ["db", "exporter", "prepare", "proxy", "reader", "web", "worker"]


def test_the_app_never_gets_the_superusers_password(compose: dict[str, Any]) -> None:
    for name in ("prepare", "web", "worker", "reader", "exporter"):
        assert "POSTGRES_PASSWORD" not in compose["services"][name]["environment"]
        assert "env_file" not in compose["services"][name]
        assert ENVIRONMENT["POSTGRES_PASSWORD"] not in json.dumps(compose["services"][name])


def test_no_secret_has_a_default() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text("utf-8")
    example = (CHECKOUT / "docs" / "env.example").read_text("utf-8")
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "GSPACE_DB_PASSWORD", "SITE_HOST"):
        assert f"${{{name}:?" in text, name
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name


def test_every_variable_is_explained_in_the_example() -> None:
    text = (CHECKOUT / "docker-compose.yml").read_text("utf-8")
    example = (CHECKOUT / "docs" / "env.example").read_text("utf-8")
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text)) - {"INSIDE"}
    assert used == set(re.findall(r"^#?([A-Z_0-9]+)=", example, re.MULTILINE))


def test_the_role_starts_with_the_limits_of_the_private_cluster(compose: dict[str, Any]) -> None:
    script = compose["configs"]["role"]["content"]
    for name, value in clusterfiles.ROLE_SETTINGS.items():
        assert f"ALTER ROLE gspace SET {name} = '{value}';" in script
    assert "SUPERUSER" not in script


def test_the_image_has_every_folder_that_the_service_imports() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text("utf-8")
    for folder in ("gspace", "reports", "layers", "mobile_api", "frontend", "fixtures", "locale"):
        assert re.search(rf"^COPY --from=frontend /app/{folder} ", dockerfile, re.MULTILINE)
    stages = dockerfile.split("\nFROM ")
    for stage in stages:
        if re.match(r".* AS (app|proxy)\n", stage):
            assert re.search(r"^USER 10001:10001$", stage, re.MULTILINE)
