# Inputs, by unit, that every environment begins with. An env.hcl that says one of them again, for
# example to try a version in dev first, has the last word.

locals {
  eks = {
    kubernetes_version = "1.35"

    addon_versions = {
      vpc_cni            = "v1.21.1-eksbuild.3"
      kube_proxy         = "v1.35.0-eksbuild.2"
      coredns            = "v1.13.2-eksbuild.1"
      pod_identity_agent = "v1.3.10-eksbuild.2"
      ebs_csi_driver     = "v1.56.0-eksbuild.1"
      metrics_server     = "v0.8.1-eksbuild.1"
    }
  }

  ecr = {
    repository_names = ["api"]
  }

  secrets = {
    secrets = {
      database-url = {
        description = "Property url: the service's address of MySQL, with its name and password."
      }
      redis-url = {
        description = "Property url: the service's address of Redis, with its name and password."
      }
    }
  }
}
