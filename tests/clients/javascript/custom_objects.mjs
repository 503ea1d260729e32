// CustomObjectsApi: every verb of the flunders, and their status.

import { FLUNDERS, config, flunder, k8s, names, refused, say } from "./kit.mjs";

const api = config().makeApiClient(k8s.CustomObjectsApi);
const A = { ...FLUNDERS, name: "a" };
const as = (patch) => k8s.setHeaderOptions("Content-Type", patch);

const created = await api.createNamespacedCustomObject({ ...FLUNDERS, body: flunder("a") });
say("created", created.metadata.name, created.metadata.generation);
say("again", await refused(api.createNamespacedCustomObject({ ...FLUNDERS, body: flunder("a") })));
const dry = await api.createNamespacedCustomObject({ ...FLUNDERS, body: flunder("b"), dryRun: "All", fieldManager: "me" });
say("dry run", dry.metadata.name, dry.metadata.managedFields[0].manager);
for (const name of ["b", "c", "d"]) {
  await api.createNamespacedCustomObject({ ...FLUNDERS, body: flunder(name) });
}

const found = await api.getNamespacedCustomObject(A);
say("got", found.metadata.uid === created.metadata.uid);
say("missing", await refused(api.getNamespacedCustomObject({ ...FLUNDERS, name: "x" })));
say("listed", names(await api.listNamespacedCustomObject(FLUNDERS)));
say("of the cluster", names(await api.listClusterCustomObject(FLUNDERS)));
say("selected", names(await api.listNamespacedCustomObject({ ...FLUNDERS, labelSelector: "app in (b, d)" })));
const page = await api.listNamespacedCustomObject({ ...FLUNDERS, limit: 3 });
const rest = await api.listNamespacedCustomObject({ ...FLUNDERS, limit: 3, _continue: page.metadata.continue });
say("in pages", names(page), "|", page.metadata.remainingItemCount, "|", names(rest));

const body = { spec: { flunderReference: "b", referenceType: "Flunder" } };
const merged = await api.patchNamespacedCustomObject({ ...A, body }, as(k8s.PatchStrategy.MergePatch));
say("merged", merged.spec.flunderReference, merged.metadata.generation);
// Without a content type it is a JSON patch.
const operations = [{ op: "replace", path: "/spec/flunderReference", value: "c" }];
say("patched", (await api.patchNamespacedCustomObject({ ...A, body: operations })).spec.flunderReference);
const failing = [{ op: "test", path: "/spec/flunderReference", value: "b" }];
say("not patched", await refused(api.patchNamespacedCustomObject({ ...A, body: failing })));
const stored = await api.getNamespacedCustomObject(A);
const replaced = await api.replaceNamespacedCustomObject({ ...A, body: { ...stored, spec: {} } });
say("replaced", JSON.stringify(replaced.spec), replaced.metadata.generation);
const stale = await refused(api.replaceNamespacedCustomObject({ ...A, body: stored }));
say("stale", stale.split(";")[0]);

const seen = { ...A, body: { status: { phase: "Seen" } } };
const status = await api.patchNamespacedCustomObjectStatus(seen, as(k8s.PatchStrategy.MergePatch));
say("status patched", status.status.phase, status.metadata.generation);
await api.replaceNamespacedCustomObjectStatus({ ...A, body: { ...status, status: { phase: "Ready" } } });
say("status replaced", (await api.getNamespacedCustomObjectStatus(A)).status.phase);

const other = { ...A, body: { preconditions: { uid: "other" } } };
say("other uid", (await refused(api.deleteNamespacedCustomObject(other))).split(":")[0]);
const deleted = await api.deleteNamespacedCustomObject(A);
say("deleted", deleted.status, deleted.details.uid === created.metadata.uid);
say("collection", names(await api.deleteCollectionNamespacedCustomObject({ ...FLUNDERS, labelSelector: "app!=c" })));
say("left", names(await api.listNamespacedCustomObject(FLUNDERS)));
