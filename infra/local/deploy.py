"""The synthesised template put into the emulator as into an account: assets, stack, fix-ups."""

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3

from infra.local.assembly import Assembly
from infra.local.emulator import REGION, Emulator
from infra.local.fix_ups import FIX_UPS

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef

CREATED_WITHIN_SECONDS = 120
BOOTSTRAP_MARK = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_VERSION = "30"
"""What `cdk bootstrap` leaves in an account; the template refuses to be created where it finds less."""


class DeployError(Exception):
    """The template was not created; the message says which resource refused and why."""


def deploy(
    emulator: Emulator, assembly: Assembly, stack_name: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Create the stack; its outputs, named in snake_case. Raises DeployError with the emulator's reason."""
    template_url = _upload(emulator, assembly)
    boto3.client("ssm", **emulator.connection).put_parameter(
        Name=BOOTSTRAP_MARK, Value=BOOTSTRAP_VERSION, Type="String", Overwrite=True
    )
    cloudformation = boto3.client("cloudformation", **emulator.connection)
    cloudformation.create_stack(
        StackName=stack_name,
        TemplateURL=template_url,
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    )
    stack = _when_created(cloudformation, stack_name)
    _apply_fix_ups(emulator, assembly, stack_name)
    return {_snake_case(output["OutputKey"]): output["OutputValue"] for output in stack.get("Outputs", [])}


def _upload(emulator: Emulator, assembly: Assembly) -> str:
    """Put every asset where the template looks for it; returns the template's own address."""
    account = boto3.client("sts", **emulator.connection).get_caller_identity()["Account"]
    s3 = boto3.client("s3", **emulator.connection)
    buckets: set[str] = set()
    template_url = ""
    for asset in assembly.assets:
        for place in asset["destinations"].values():
            bucket = place["bucketName"].replace("${AWS::AccountId}", account)
            if bucket not in buckets:
                s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
                buckets.add(bucket)
            s3.put_object(Bucket=bucket, Key=place["objectKey"], Body=assembly.content(asset))
            if asset["source"]["path"] == assembly.template_file:
                template_url = f"{emulator.endpoint_url}/{bucket}/{place['objectKey']}"
    return template_url


def _when_created(cloudformation: "CloudFormationClient", stack_name: str) -> "StackTypeDef":
    give_up_at = time.monotonic() + CREATED_WITHIN_SECONDS
    while time.monotonic() < give_up_at:
        stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
        if stack["StackStatus"] == "CREATE_COMPLETE":
            return stack
        if stack["StackStatus"] != "CREATE_IN_PROGRESS":
            raise DeployError(_why_it_failed(cloudformation, stack_name, stack))
        time.sleep(0.2)
    raise DeployError(f"the stack {stack_name} was not created within {CREATED_WITHIN_SECONDS} s")


def _why_it_failed(cloudformation: "CloudFormationClient", stack_name: str, stack: "StackTypeDef") -> str:
    events = cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    failed = [
        f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
        for event in events
        if event["ResourceStatus"].endswith("FAILED")
    ]
    ended = f"the stack ended as {stack['StackStatus']}: {stack.get('StackStatusReason')}"
    return "\n".join([ended, *failed])


def _apply_fix_ups(emulator: Emulator, assembly: Assembly, stack_name: str) -> None:
    made = boto3.client("cloudformation", **emulator.connection).describe_stack_resources(
        StackName=stack_name
    )["StackResources"]
    physical = {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in made}
    for logical_id, resource in assembly.template["Resources"].items():
        if logical_id in physical:
            for fix_up in FIX_UPS:
                fix_up.apply(emulator, physical[logical_id], resource)


def _snake_case(name: str) -> str:
    """`EventBusName` as `event_bus_name`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
