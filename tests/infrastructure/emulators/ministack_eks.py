# ruff: noqa: SLF001 - an emulator is mended where it has no public place
# mypy: ignore-errors
# Runs in the environment of requirements.lock, which the type checker does not have.
"""EKS: fields that ministack drops, the cluster's security group, versions of add-ons."""

import json
from typing import Any

import moto_aws
from ministack.core.responses import get_account_id, get_region
from ministack.services import eks
from patching import Function, replace

OK = 200
Body = dict[str, Any]
Response = tuple[int, dict[str, str], str | bytes]


@replace(eks, "_issuer_url")
def _issuer_url(_: Function, issuer_id: str) -> str:
    return f"https://oidc.eks.{get_region()}.amazonaws.com/id/{issuer_id}"


@replace(eks, "_create_cluster")
def _create_cluster(original: Function, body: Body, creator_arn: str | None = None) -> Response:
    """Make the security group that EKS makes, in moto's EC2, and keep what the caller asked for."""
    subnet_ids = body["resourcesVpcConfig"]["subnetIds"]
    subnets = moto_aws.subnets(get_account_id(), get_region(), subnet_ids)
    if not subnets:
        return eks._error(400, "InvalidParameterException", f"Unknown subnet in {subnet_ids}")
    response = original(body, creator_arn=creator_arn)
    if response[0] != OK:
        return response
    cluster = eks._clusters[body["name"]]
    cluster["upgradePolicy"] = body.get("upgradePolicy", {"supportType": "EXTENDED"})
    cluster["zonalShiftConfig"] = body.get("zonalShiftConfig", {"enabled": False})
    network = cluster["resourcesVpcConfig"]
    network["vpcId"] = subnets[0]["VpcId"]
    group = moto_aws.client("ec2", get_account_id(), get_region()).create_security_group(
        GroupName=f"eks-cluster-sg-{body['name']}",
        Description="Made by EKS for the control plane and the nodes",
        VpcId=network["vpcId"],
    )
    network["clusterSecurityGroupId"] = group["GroupId"]
    return eks._json_resp(OK, {"cluster": eks._sanitize(cluster)})


@replace(eks, "_delete_cluster")
def _delete_cluster(original: Function, name: str) -> Response:
    cluster = eks._clusters.get(name)
    response = original(name)
    if cluster and response[0] == OK:
        moto_aws.client("ec2", get_account_id(), get_region()).delete_security_group(
            GroupId=cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]
        )
    return response


@replace(eks, "_create_nodegroup")
def _create_nodegroup(original: Function, cluster_name: str, body: Body) -> Response:
    response = original(cluster_name, body)
    if response[0] != OK:
        return response
    group = eks._nodegroups[f"{cluster_name}/{body['nodegroupName']}"]
    group["updateConfig"] = body.get("updateConfig", {"maxUnavailable": 1})
    if body.get("nodeRepairConfig"):
        group["nodeRepairConfig"] = body["nodeRepairConfig"]
    if body.get("launchTemplate"):
        group["launchTemplate"] = dict(body["launchTemplate"])
        # With a launch template the disk is the template's business, and EKS tells no size.
        group.pop("diskSize", None)
    return eks._json_resp(OK, {"nodegroup": group})


@replace(eks, "_create_addon")
def _create_addon(original: Function, cluster_name: str, body: Body) -> Response:
    """Turn the pod identity associations in the request into associations, told by their ARNs."""
    arns = []
    for wanted in body.get("podIdentityAssociations") or []:
        association = {"namespace": "kube-system", **wanted}
        status, headers, content = eks._create_pod_identity_association(cluster_name, association)
        if status != OK:
            return status, headers, content
        arns.append(json.loads(content)["association"]["associationArn"])
    return original(cluster_name, {**body, "podIdentityAssociations": arns})


@replace(eks, "_delete_addon")
def _delete_addon(original: Function, cluster_name: str, addon_name: str) -> Response:
    addon = eks._addons.get(f"{cluster_name}/{addon_name}", {})
    for arn in addon.get("podIdentityAssociations", []):
        eks._delete_pod_identity_association(cluster_name, arn.rsplit("/", 1)[1])
    return original(cluster_name, addon_name)
