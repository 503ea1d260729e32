//! How the lists of the types of Kubernetes merge. Their schemas in `k8s-openapi` do not say it; the source is the struct
//! tags of k8s.io/api and k8s.io/apimachinery.

use super::rule::MergeRule;

/// The metadata of an object.
pub(super) const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const fn keyed(type_name: &'static str, field: &'static str, key: &'static str) -> MergeRule {
    MergeRule::keyed(type_name, field, key)
}

/// Types of stable versions; those of others can be given by rules of one's own.
pub(super) static RULES: &[MergeRule] = &[
    keyed(OBJECT_META, "ownerReferences", "uid"),
    MergeRule::set(OBJECT_META, "finalizers"),
    MergeRule::set("io.k8s.api.core.v1.NodeSpec", "podCIDRs"),
    MergeRule::union("io.k8s.api.apps.v1.DeploymentSpec", "strategy"),
    MergeRule::replaced("io.k8s.api.policy.v1.PodDisruptionBudgetSpec", "selector"),
    keyed("io.k8s.api.admissionregistration.v1.MutatingWebhook", "matchConditions", "name"),
    keyed("io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration", "webhooks", "name"),
    keyed("io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "matchConditions", "name"),
    keyed("io.k8s.api.admissionregistration.v1.ValidatingAdmissionPolicySpec", "variables", "name"),
    keyed("io.k8s.api.admissionregistration.v1.ValidatingWebhook", "matchConditions", "name"),
    keyed("io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration", "webhooks", "name"),
    keyed("io.k8s.api.apps.v1.DaemonSetStatus", "conditions", "type"),
    keyed("io.k8s.api.apps.v1.DeploymentStatus", "conditions", "type"),
    keyed("io.k8s.api.apps.v1.ReplicaSetStatus", "conditions", "type"),
    keyed("io.k8s.api.apps.v1.StatefulSetStatus", "conditions", "type"),
    keyed("io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus", "conditions", "type"),
    keyed("io.k8s.api.batch.v1.JobStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.ComponentStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.Container", "env", "name"),
    keyed("io.k8s.api.core.v1.Container", "ports", "containerPort"),
    keyed("io.k8s.api.core.v1.Container", "volumeDevices", "devicePath"),
    keyed("io.k8s.api.core.v1.Container", "volumeMounts", "mountPath"),
    keyed("io.k8s.api.core.v1.ContainerStatus", "allocatedResourcesStatus", "name"),
    keyed("io.k8s.api.core.v1.ContainerStatus", "volumeMounts", "mountPath"),
    keyed("io.k8s.api.core.v1.EphemeralContainer", "env", "name"),
    keyed("io.k8s.api.core.v1.EphemeralContainer", "ports", "containerPort"),
    keyed("io.k8s.api.core.v1.EphemeralContainer", "volumeDevices", "devicePath"),
    keyed("io.k8s.api.core.v1.EphemeralContainer", "volumeMounts", "mountPath"),
    keyed("io.k8s.api.core.v1.NamespaceStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.NodeStatus", "addresses", "type"),
    keyed("io.k8s.api.core.v1.NodeStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.PersistentVolumeClaimStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.PodSpec", "containers", "name"),
    keyed("io.k8s.api.core.v1.PodSpec", "ephemeralContainers", "name"),
    keyed("io.k8s.api.core.v1.PodSpec", "hostAliases", "ip"),
    keyed("io.k8s.api.core.v1.PodSpec", "imagePullSecrets", "name"),
    keyed("io.k8s.api.core.v1.PodSpec", "initContainers", "name"),
    keyed("io.k8s.api.core.v1.PodSpec", "resourceClaims", "name").of_unions(),
    keyed("io.k8s.api.core.v1.PodSpec", "schedulingGates", "name"),
    keyed("io.k8s.api.core.v1.PodSpec", "topologySpreadConstraints", "topologyKey"),
    keyed("io.k8s.api.core.v1.PodSpec", "volumes", "name").of_unions(),
    keyed("io.k8s.api.core.v1.PodStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.PodStatus", "hostIPs", "ip"),
    keyed("io.k8s.api.core.v1.PodStatus", "podIPs", "ip"),
    keyed("io.k8s.api.core.v1.PodStatus", "resourceClaimStatuses", "name").of_unions(),
    keyed("io.k8s.api.core.v1.ReplicationControllerStatus", "conditions", "type"),
    keyed("io.k8s.api.core.v1.ServiceAccount", "secrets", "name"),
    keyed("io.k8s.api.core.v1.ServiceSpec", "ports", "port"),
    keyed("io.k8s.api.core.v1.ServiceStatus", "conditions", "type"),
    keyed("io.k8s.api.flowcontrol.v1.FlowSchemaStatus", "conditions", "type"),
    keyed("io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationStatus", "conditions", "type"),
    keyed("io.k8s.api.networking.v1.ServiceCIDRStatus", "conditions", "type"),
    keyed("io.k8s.api.policy.v1.PodDisruptionBudgetStatus", "conditions", "type"),
    keyed("io.k8s.api.resource.v1.ResourceClaimStatus", "reservedFor", "uid"),
    keyed("io.k8s.api.storage.v1.CSINodeSpec", "drivers", "name"),
];
