"""The synthesised template as the tests read it: resources by type, and names without CDK's hashes."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STACK = "MashOutcomes"
HASH = re.compile(r"[0-9A-F]{8}$")


def readable(logical_id: str) -> str:
    """`IntakeReceiveRoleA0025F7E` as `IntakeReceiveRole`."""
    return HASH.sub("", logical_id)


def refers_to(value: Any) -> str:
    """The readable name of the resource that a Ref or a GetAtt means, or the pseudo parameter's own name."""
    match value:
        case {"Ref": str(logical_id)}:
            return readable(logical_id)
        case {"Fn::GetAtt": [str(logical_id), *_]}:
            return readable(logical_id)
        case {"Fn::Split": [",", {"Ref": str(parameter)}]}:
            return f"each of {parameter}"
    raise AssertionError(f"not a reference: {value}")


def spelled(value: Any) -> str:
    """An ARN, a name or a path with what it refers to in angle brackets."""
    match value:
        case str():
            return value
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(map(spelled, parts))
        case {"Fn::Select": [int(index), {"Fn::Split": [str(separator), whole]}]}:
            return f"<{spelled(whole)} split at {separator}, part {index}>"
        case {"Fn::GetAtt": [str(logical_id), str(attribute)]} if attribute != "Arn":
            return f"<{readable(logical_id)} {attribute}>"
        case {"Ref": str(name)} if name.startswith("AWS::"):
            return f"<{name.removeprefix('AWS::')}>"
    return f"<{refers_to(value)}>"


@dataclass(frozen=True)
class Resource:
    """One resource of the template."""

    logical_id: str
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        return readable(self.logical_id)

    @property
    def type(self) -> str:
        return str(self.body["Type"])

    @property
    def properties(self) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = self.body.get("Properties", {})
        return properties

    def __getitem__(self, name: str) -> Any:
        return self.properties[name]


@dataclass(frozen=True)
class Template:
    """A stack's template."""

    body: Mapping[str, Any]

    @classmethod
    def of(cls, assembly: Path) -> "Template":
        return cls(json.loads((assembly / f"{STACK}.template.json").read_bytes()))

    def resources(self, *types: str) -> Iterator[Resource]:
        for logical_id, body in self.body["Resources"].items():
            if not types or body["Type"] in types:
                yield Resource(logical_id, body)

    def named(self, name: str) -> Resource:
        (found,) = (resource for resource in self.resources() if resource.name == name)
        return found

    def target(self, reference: Any) -> Resource:
        return self.named(refers_to(reference))

    @property
    def functions(self) -> dict[str, Resource]:
        """The Lambda functions, by the name of their handler's file."""
        return {it["Handler"].split(".")[2]: it for it in self.resources("AWS::Lambda::Function")}

    @property
    def queues(self) -> dict[str, Resource]:
        return {queue.name: queue for queue in self.resources("AWS::SQS::Queue")}

    @property
    def mappings(self) -> list[Resource]:
        return list(self.resources("AWS::Lambda::EventSourceMapping"))

    @property
    def dead_letter_queues(self) -> set[str]:
        """Every queue that something names as the place for what it could not deliver."""
        named = [
            queue.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
            for queue in self.queues.values()
        ]
        for rule in self.resources("AWS::Events::Rule"):
            named += [target.get("DeadLetterConfig", {}).get("Arn") for target in rule["Targets"]]
        for mapping in self.mappings:
            named.append(
                mapping.properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
            )
        return {refers_to(arn) for arn in named if arn is not None}


@dataclass(frozen=True)
class Api:
    """One of the REST APIs, by its readable name."""

    template: Template
    name: str

    @property
    def methods(self) -> dict[tuple[str, str], Resource]:
        """By HTTP method and path."""
        return {
            (it["HttpMethod"], self._path(it["ResourceId"])): it
            for it in self._own("AWS::ApiGateway::Method")
        }

    @property
    def stage(self) -> Resource:
        (found,) = self._own("AWS::ApiGateway::Stage")
        return found

    @property
    def own_answers(self) -> dict[str, Resource]:
        """What API Gateway answers by itself, by the kind of answer."""
        return {it["ResponseType"]: it for it in self._own("AWS::ApiGateway::GatewayResponse")}

    def _own(self, kind: str) -> Iterator[Resource]:
        return (it for it in self.template.resources(kind) if refers_to(it["RestApiId"]) == self.name)

    def _path(self, reference: Any) -> str:
        if "Fn::GetAtt" in reference:
            return ""
        part = self.template.target(reference)
        return f"{self._path(part['ParentId'])}/{part['PathPart']}"
