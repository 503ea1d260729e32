// KubernetesObjectApi: objects of any kind, found by discovery, and every patch that it knows.

import { GROUP, config, flunder, k8s, names, refused, say } from "./kit.mjs";

const api = k8s.KubernetesObjectApi.makeApiClient(config());
const { JsonPatch, MergePatch, ServerSideApply, StrategicMergePatch } = k8s.PatchStrategy;

const created = await api.create(flunder("a", { flunderReference: "x", referenceType: "Flunder" }));
say("created", created.metadata.name, created.spec.flunderReference);
const found = await api.read({ ...flunder("a"), spec: undefined });
say("read", found.metadata.uid === created.metadata.uid, found.metadata.creationTimestamp instanceof Date);
say("listed", names(await api.list(`${GROUP}/v1beta1`, "Flunder", "default")));
found.metadata.labels.more = "yes";
say("replaced", (await api.replace(found)).metadata.labels.more);

const only = (metadata) => ({ apiVersion: found.apiVersion, kind: "Flunder", metadata: { name: "a", ...metadata } });
const finalizers = async (metadata, patch) => (await api.patch(only(metadata), ...patch)).metadata.finalizers;
const by = (strategy) => [undefined, undefined, undefined, undefined, strategy];
say("strategic", await finalizers({ finalizers: ["example.com/a"] }, by(StrategicMergePatch)));
// Without a strategy it is this one.
say("strategic", await finalizers({ finalizers: ["example.com/b"] }, []));
say("merge", await finalizers({ finalizers: ["example.com/c"] }, by(MergePatch)));
say("json", (await refused(api.patch(only({}), ...by(JsonPatch)))).split(":")[0]);

const reference = (name) => flunder("a", { flunderReference: name, referenceType: "Flunder" });
const apply = (manager, name, force) =>
  api.patch(reference(name), undefined, undefined, manager, force, ServerSideApply);
say("forced", (await apply("one", "y", true)).spec.flunderReference);
say("conflict", await refused(apply("two", "z")));
say("applied", (await apply("one", "z")).spec.flunderReference);

await api.patch(only({ finalizers: null }), ...by(MergePatch));
say("deleted", (await api.delete(found)).status);
say("gone", await refused(api.read(found)));
const fischer = { apiVersion: `${GROUP}/v1alpha1`, kind: "Fischer", metadata: { name: "f" } };
say("of the cluster", (await api.create(fischer)).metadata.name);
