import re

import pytest
import yaml

from tests.deploy.conftest import ROOT, SERVER, left_out_of_image, run_on_server

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
WORKERS = {"worker-codes", "worker-orders", "worker", "worker-imports", "worker-bulk"}
SHOP = {"migrate", "web", "beat"} | WORKERS
# Names that the images of others or the commands in the containers read, not the shop's settings.
OTHERS = {
    "POSTGRES_PASSWORD",
    "POSTGRES_INITDB_ARGS",
    "DATABASE_PASSWORD",
    "VALKEY_PASSWORD",
    "DOMAIN",
    "ACME_EMAIL",
    "FORWARDED_ALLOW_IPS",
    "DJANGO_SETTINGS_MODULE",
}


def names_required_in_production():
    texts = [(ROOT / path).read_text() for path in ("shop/settings/prod.py", "shop/lib/seller.py")]
    return set(re.findall(r'environ(?:ment)?\["([A-Z_]+)"\]', "\n".join(texts)))


def names_read_by_settings():
    texts = [
        (ROOT / path).read_text() for path in ("shop/settings/base.py", "shop/settings/prod.py", "shop/lib/seller.py")
    ]
    return names_required_in_production() | set(re.findall(r'environ(?:ment)?\.get\("([A-Z_]+)"', "\n".join(texts)))


def names_asked_of_the_environment():
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE))


def test_everything_that_makes_the_shop_is_a_service():
    assert set(SERVICES) == {"postgres", "valkey", "caddy"} | SHOP


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_built_here_or_pinned_by_tag(name):
    service = SERVICES[name]
    if "build" not in service:
        assert re.fullmatch(r"[a-z/]+:[0-9][a-z0-9.-]*", service["image"])


def test_images_that_ours_are_built_from_are_pinned_by_tag():
    sources = re.findall(r"^FROM (\S+) AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.M)
    assert [stage for _, stage in sources] == ["build", "shop", "proxy"]
    assert all(re.search(r":[0-9]", image) for image, _ in sources)


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root_or_writes_outside_its_volumes(name):
    service = SERVICES[name]
    uid = service["user"].split(":")[0]
    assert uid.isdigit()
    assert int(uid) > 0
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_is_watched_and_restarted(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_migration_runs_once_and_before_all_that_need_it():
    assert SERVICES["migrate"]["restart"] == "no"
    for name in SHOP - {"migrate"}:
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_name_given_to_the_shop_is_read_by_its_settings():
    for name in SHOP:
        assert set(SERVICES[name]["environment"]) - OTHERS <= names_read_by_settings()


def test_every_name_the_settings_need_is_given():
    for name in SHOP:
        assert names_required_in_production() <= set(SERVICES[name]["environment"])


def test_image_is_built_with_every_name_the_settings_need():
    of_the_chosen_gateway = {"TURBOSMS_TOKEN", "TURBOSMS_SENDER"}
    assert set(SERVER) - {"DJANGO_SETTINGS_MODULE"} == names_required_in_production() | of_the_chosen_gateway


def test_example_explains_every_name():
    example = (ROOT / "deploy/env.example").read_text()
    to_fill_in = set(re.findall(r"^([A-Z_]+)=$", example, re.M))
    may_be_left_out = set(re.findall(r"^# ([A-Z_]+)=", example, re.M))
    required = set(re.findall(r"\$\{([A-Z_]+):\?\}", COMPOSE))
    assert to_fill_in == required
    assert names_asked_of_the_environment() - required <= may_be_left_out
    assert names_required_in_production() <= to_fill_in | may_be_left_out


# Without these a way of paying is switched off, and the shop runs.
OPTIONAL = {"LIQPAY_PUBLIC_KEY", "LIQPAY_PRIVATE_KEY", "MONOBANK_TOKEN", "WAYFORPAY_SECRET", "CHECKBOX_LICENSE_KEY"}


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_the_environment_and_have_no_default(name):
    for key, value in (SERVICES[name].get("environment") or {}).items():
        if key in OPTIONAL:
            assert value == f"${{{key}:-}}"
            continue
        if re.search("KEY|PASSWORD|TOKEN|SECRET|URL$", key) and key not in ("PUBLIC_URL", "TURBOSMS_URL"):
            assert re.search(r"\$\{[A-Z_]+:(\?|-)\}", value)
            assert not re.search(r":-[^}]", value)


def test_databases_are_reached_from_inside_only():
    networks = yaml.safe_load(COMPOSE)["networks"]
    assert networks["inside"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_postgres_keeps_its_data_where_version_18_does():
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_valkey_evicts_only_what_has_a_time_to_live():
    script = SERVICES["valkey"]["command"][-1]
    assert "maxmemory-policy volatile-lru" in script
    assert "appendonly yes" in script


def test_every_queue_has_a_worker():
    commands = [SERVICES[name]["command"] for name in WORKERS]
    served = [command[command.index("-Q") + 1] for command in commands]
    assert sorted(served) == ["bulk", "codes", "default", "imports", "orders"]


@pytest.mark.parametrize("name", sorted(WORKERS))
def test_a_worker_is_watched_by_its_own_name(name):
    command = SERVICES[name]["command"]
    own = command[command.index("-n", command.index("worker")) + 1].removesuffix("%h")
    assert f"-d {own}$$(hostname)" in SERVICES[name]["healthcheck"]["test"][1]


def test_image_leaves_out_what_makes_a_laptop_a_shop(image):
    left_out = {"shop/local", "shop/settings/local.py", "tests", "bench", "var", ".git", ".env", "deploy/env"}
    assert left_out <= left_out_of_image()
    assert not (image / "shop/local").exists()


def test_shop_works_in_the_image_without_what_is_left_out(image):
    assert (image / "staticfiles/staticfiles.json").is_file()
    started = run_on_server("-c", "import shop.wsgi, shop.urls, shop.celery", cwd=image)
    assert started.returncode == 0, started.stderr
