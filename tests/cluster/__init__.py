"""The chart on a real control plane: etcd, API server, controllers and scheduler, with kwok in place of kubelets."""
