"""Verbs for whoever runs the product: demo, up, configuration, handoffs, webhooks, runs, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.verbs.options import Json

config_app = typer.Typer(no_args_is_help=True, help="Check the configuration.")
connect_app = typer.Typer(no_args_is_help=True, help="Set up the other side of a connection.")
handoff_app = typer.Typer(no_args_is_help=True, help="See, run and prove handoffs.")
webhook_app = typer.Typer(no_args_is_help=True, help="See and replay received webhooks.")
runs_app = typer.Typer(no_args_is_help=True, help="See and retry failed runs.")
audit_app = typer.Typer(no_args_is_help=True, help="Check the audit trail.")
effects_app = typer.Typer(no_args_is_help=True, help="Settle effects whose outcome is unknown.")
crm_app = typer.Typer(no_args_is_help=True, help="Feed the console CRM.")
top = typer.Typer()
GROUPS = (
    ("config", config_app),
    ("connect", connect_app),
    ("handoff", handoff_app),
    ("webhook", webhook_app),
    ("runs", runs_app),
    ("audit", audit_app),
    ("effects", effects_app),
    ("crm", crm_app),
)


@top.command()
def demo(
    once: Annotated[bool, typer.Option("--once", envvar="ONCE", help="Run through, check everything, stop.")] = False,
    port: Annotated[int, typer.Option(help="Web port; the next free one is taken.")] = 8080,
    prefect_port: Annotated[int, typer.Option(help="Prefect port; the next free one is taken.")] = 4200,
) -> None:
    """Run the whole story on sample contracts. Nothing leaves this machine."""
    from cli.demo import run_demo

    raise typer.Exit(run_demo(once=once, port=port, prefect_port=prefect_port))


@top.command()
def up() -> None:
    """Run everything for one machine from the environment, until Ctrl-C."""
    from cli.up import run_up

    raise typer.Exit(run_up())


@top.command()
def init() -> None:
    """Write the default configuration and bring the database up to date."""
    from cli.setup import run_init

    raise typer.Exit(run_init())


@connect_app.command("slack")
def connect_slack(
    socket_mode: Annotated[
        bool, typer.Option(help="Take button presses by Socket Mode, without a public address.")
    ] = False,
) -> None:
    """Print the Slack app manifest for this installation."""
    from cli.vendors import connect_slack

    raise typer.Exit(connect_slack(socket_mode=socket_mode))


@top.command()
def doctor(json: Json = False) -> None:
    """Say for each part whether it is configured and answers, and what to do if not."""
    from cli.doctor import run_doctor

    raise typer.Exit(run_doctor(as_json=json))


@config_app.command("settings")
def config_settings(
    write: Annotated[Path | None, typer.Option(help="Bring the table in this document up to date.")] = None,
) -> None:
    """Print every setting with its default and meaning."""
    from config.settings_table import settings_table, written

    if write is None:
        typer.echo(settings_table())
        return
    write.write_text(written(write.read_text(encoding="utf-8")), encoding="utf-8")


@config_app.command("check")
def config_check(json: Json = False) -> None:
    """Check settings and YAML; errors name file, line and allowed values."""
    from cli.setup import run_config_check

    raise typer.Exit(run_config_check(as_json=json))


@handoff_app.command("list")
def handoff_list(
    state: Annotated[str, typer.Option(help="running, complete or incomplete")] = "", json: Json = False
) -> None:
    """List handoffs, newest first."""
    from cli.reports import list_handoffs

    raise typer.Exit(list_handoffs(state, as_json=json))


@handoff_app.command("show")
def handoff_show(handoff_id: str, json: Json = False) -> None:
    """Show one handoff with its steps, terms and gaps."""
    from cli.reports import show_handoff

    raise typer.Exit(show_handoff(handoff_id, as_json=json))


@handoff_app.command("run")
def handoff_run(handoff_id: str, json: Json = False) -> None:
    """Run what is missing of one handoff; what is done stays done."""
    from cli.runs import run_handoff

    raise typer.Exit(run_handoff(handoff_id, as_json=json))


@handoff_app.command("prove")
def handoff_prove(
    since: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")] = "",
    xlsx: Annotated[Path | None, typer.Option(help="Write an Excel file.")] = None,
    json: Json = False,
) -> None:
    """Prove that every signature got its handoff; exit 3 when one did not."""
    from cli.reports import prove

    raise typer.Exit(prove(since, xlsx, as_json=json))


@webhook_app.command("list")
def webhook_list(json: Json = False) -> None:
    """List the latest deliveries and the counters."""
    from cli.reports import list_webhooks

    raise typer.Exit(list_webhooks(as_json=json))


@webhook_app.command("replay")
def webhook_replay(inbox_id: str, json: Json = False) -> None:
    """Start a received event again; what it already led to is not repeated."""
    from cli.runs import replay

    raise typer.Exit(replay(inbox_id, as_json=json))


@runs_app.command("failed")
def runs_failed(json: Json = False) -> None:
    """List failed and crashed runs with their reason."""
    from cli.runs import failed

    raise typer.Exit(failed(as_json=json))


@runs_app.command("retry")
def runs_retry(
    run_ids: Annotated[list[str] | None, typer.Argument(help="Run ids; none with --all.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every failed run.")] = False,
    json: Json = False,
) -> None:
    """Do what the Retry button does, for one or many runs."""
    from cli.runs import retry

    raise typer.Exit(retry(run_ids or [], every=every, as_json=json))


@audit_app.command("verify")
def audit_verify(
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A signed checkpoint, or a folder of them; by default this machine's.")
    ] = None,
    public_key: Annotated[Path | None, typer.Option(help="The key that must have signed them.")] = None,
    json: Json = False,
) -> None:
    """Check every link of the audit chain and the signed checkpoints; exit 1 when something is broken."""
    from cli.audit import verify

    raise typer.Exit(verify(checkpoint or [], public_key, as_json=json))


@audit_app.command("protect")
def audit_protect(
    role: Annotated[str, typer.Option(help="By default the user in AFTERSIGN_DATABASE_URL.")] = "",
) -> None:
    """Print the SQL after which the program's role on PostgreSQL can append to the audit trail and read it alone."""
    from cli.audit import protect

    raise typer.Exit(protect(role))


@audit_app.command("key")
def audit_key(file: Annotated[Path | None, typer.Argument(help="Where to write it.")] = None) -> None:
    """Print the public key of the checkpoints; keep it where the database is not."""
    from cli.audit import key

    raise typer.Exit(key(file))


@audit_app.command("export")
def audit_export(file: Annotated[Path, typer.Argument(help="A file of JSON lines.")]) -> None:
    """Write the whole audit chain to a file."""
    from cli.audit import export

    raise typer.Exit(export(file))


@effects_app.command("resolve")
def effects_resolve(
    key: str,
    happened: Annotated[bool, typer.Option("--happened/--not-happened", help="What you found at the vendor.")],
    who: Annotated[str, typer.Option(help="Your address, for the audit trail.")],
) -> None:
    """Say whether an effect with unknown outcome happened."""
    from cli.runs import resolve

    raise typer.Exit(resolve(key, happened=happened, who=who))


@crm_app.command("import")
def crm_import(file: Path) -> None:
    """Import deals into the console CRM from YAML (the shape of samples/crm.yaml)."""
    from cli.setup import run_crm_import

    raise typer.Exit(run_crm_import(file))
