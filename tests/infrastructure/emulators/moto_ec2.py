# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""EC2: fields that moto 5.2.5 drops or adds."""

from typing import Any

from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.models.security_groups import SecurityGroupRule
from patching import Function, replace


@replace(Instance, "prep_nics")
def _prep_nics(original: Function, instance: Instance, interfaces: list[dict[str, Any]], **keywords: Any) -> None:
    """Let an instance have the address setting and the groups of its own first interface."""
    first = next((nic for nic in interfaces if int(nic["DeviceIndex"]) == 0), None)
    original(instance, interfaces, **keywords)
    if first and "SubnetId" in first:
        instance.associate_public_ip = first.get("AssociatePublicIpAddress") is True
        backend = instance.ec2_backend
        groups = first.get("Groups") or []
        instance.security_groups = [backend.get_security_group_from_id(group) for group in groups]


_association = NetworkInterface.association

# An interface without a public address has no association; moto answers an empty one.
NetworkInterface.association = property(lambda interface: _association.fget(interface) or None)

# A rule that names a group keeps its description there.
SecurityGroupRule.description = property(
    lambda rule: rule.ip_range.get("Description") or (rule.source_group or {}).get("Description")
)


@replace(LaunchTemplateVersion, "__init__")
def _version(
    original: Function, version: LaunchTemplateVersion, template: Any, number: int, data: dict[str, Any], *rest: Any
) -> None:
    """Keep the template's own tags out of what it gives to instances."""
    specifications = data.get("TagSpecifications")
    if specifications:
        own = [row for row in specifications if row["ResourceType"] != "launch-template"]
        data = {**data, "TagSpecifications": own}
    original(version, template, number, data, *rest)
