"""What is deployed is what is written: one function per handler file, told exactly what its settings ask."""

from pathlib import Path

from functions import settings
from tests.infra.template import Template

HANDLERS = Path(__file__).parents[2] / "functions" / "handlers"

SETTINGS: dict[str, type[settings.Settings]] = {
    "acknowledge": settings.AcknowledgeSettings,
    "console": settings.ConsoleSettings,
    "receive_event": settings.ReceiveSettings,
    "relay_deliveries": settings.RelaySettings,
    "sweep_due": settings.SweepSettings,
    "send_email": settings.EmailSettings,
    "send_webhook": settings.WebhookSettings,
    "park_dead_letter": settings.ParkSettings,
    "record_receipt": settings.ReceiptSettings,
    "reconcile": settings.ReconcileSettings,
    "count_outcomes": settings.CountSettings,
    "recount_days": settings.CountSettings,
}

BELONGS_TO_THE_LOGGER = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}


def test_every_handler_file_is_deployed_and_nothing_else_is(template: Template) -> None:
    files = {path.stem for path in HANDLERS.glob("[!_]*.py")}
    assert set(template.functions) == files == set(SETTINGS)


def test_each_environment_is_its_settings_model_and_no_more(template: Template) -> None:
    told = {handler: set(it["Environment"]["Variables"]) for handler, it in template.functions.items()}
    asked = {handler: {name.upper() for name in model.model_fields} for handler, model in SETTINGS.items()}
    assert told == {handler: names | BELONGS_TO_THE_LOGGER for handler, names in asked.items()}


def test_every_function_runs_on_the_python_its_bytecode_was_compiled_by(template: Template) -> None:
    for function in template.functions.values():
        assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])


def test_all_functions_are_one_package(template: Template) -> None:
    assert len({str(function["Code"]) for function in template.functions.values()}) == 1


def test_every_log_is_encrypted_and_kept_three_months(template: Template) -> None:
    logs = [template.target(it["LoggingConfig"]["LogGroup"]) for it in template.functions.values()]
    assert len({log.name for log in logs}) == len(SETTINGS)
    for log in logs:
        assert log["RetentionInDays"] == 90
        assert template.target(log["KmsKeyId"]).name == "KeyringLogs"


def test_every_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [template.target(it["Role"]).name for it in template.functions.values()]
    assert len(set(roles)) == len(SETTINGS)


def test_what_runs_by_the_clock_is_not_run_again_behind_its_next_time(template: Template) -> None:
    retried = {
        template.target(it["FunctionName"]).name: it["MaximumRetryAttempts"]
        for it in template.resources("AWS::Lambda::EventInvokeConfig")
    }
    assert retried == {template.functions[handler].name: 0 for handler in ("sweep_due", "reconcile")}
