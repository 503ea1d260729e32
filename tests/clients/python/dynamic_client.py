"""The dynamic client: what it finds by discovery, and every content type that it patches with."""

import os

from kubernetes.dynamic import DynamicClient

from kit import NAMESPACE, api_client, flunder, refused, say

HERE = {"namespace": NAMESPACE}

dynamic = DynamicClient(api_client(), cache_file=os.environ["CACHE_FILE"])
say("version", dynamic.version["kubernetes"]["gitVersion"].startswith("v1."))
flunders = dynamic.resources.get(api_version="wardle.example.com/v1beta1", kind="Flunder")
say("found", flunders.name, flunders.namespaced, flunders.short_names, *sorted(flunders.verbs))
say("subresources", *sorted(flunders.subresources))
fischers = dynamic.resources.get(api_version="wardle.example.com/v1alpha1", kind="Fischer")
say("found", fischers.name, fischers.namespaced)
# A search of every group asks for core/v1 too, which this server does not have.
by_short_name = dynamic.resources.search(group="wardle.example.com", kind="Flunder", short_names=["fl"])
say("by short name", *sorted(found.group_version for found in by_short_name))

created = flunders.create(flunder("a", flunderReference="x", referenceType="Flunder"), **HERE)
say("created", created.metadata.name, created.spec.flunderReference)
say("got", flunders.get(name="a", **HERE).metadata.uid == created.metadata.uid)


def patch(content_type, body):
    return flunders.patch(body, name="a", content_type=f"application/{content_type}", **HERE)


# Without a content type it is a strategic merge patch.
say("strategic", *flunders.patch({"metadata": {"finalizers": ["example.com/a"]}}, name="a", **HERE).metadata.finalizers)
added = patch("strategic-merge-patch+json", {"metadata": {"finalizers": ["example.com/b"]}})
say("strategic", *added.metadata.finalizers)
say("merge", *patch("merge-patch+json", {"metadata": {"finalizers": ["example.com/c"]}}).metadata.finalizers)
operations = [{"op": "remove", "path": "/metadata/finalizers"}]
say("json", patch("json-patch+json", operations).metadata.finalizers)
say("no patch", refused(patch, "json", {}).status)


def apply(manager, reference, **options):
    body = flunder("a", flunderReference=reference, referenceType="Flunder")
    return flunders.server_side_apply(body, field_manager=manager, **HERE, **options)


conflict = refused(apply, "one", "y")
say("conflict", conflict.status, conflict.summary())
say("forced", apply("one", "y", force_conflicts=True).spec.flunderReference)
conflict = refused(apply, "two", "z")
say("conflict", conflict.status, conflict.summary())
say("applied", apply("one", "z").spec.flunderReference)

status = {"apiVersion": "wardle.example.com/v1beta1", "kind": "Flunder", "status": {"phase": "Ready"}}
reported = flunders.status.patch(status, name="a", content_type="application/merge-patch+json", **HERE)
say("status", reported.status.phase)

changed = flunders.get(name="a", **HERE).to_dict()
changed["metadata"]["labels"]["more"] = "yes"
say("replaced", flunders.replace(changed, **HERE).metadata.labels.more)
flunders.create(flunder("b"), **HERE)
say("listed", *(item.metadata.name for item in flunders.get(**HERE).items))

for event in flunders.watch(namespace=NAMESPACE, resource_version="0"):
    say("event", event["type"], event["object"].metadata.name)
    if event["object"].metadata.name == "b":
        break
initial = {"send_initial_events": True, "resource_version_match": "NotOlderThan", "allow_watch_bookmarks": True}
for event in flunders.watch(namespace=NAMESPACE, name="b", **initial):
    say("initial", event["type"], event["object"].metadata.name, *event["raw_object"]["metadata"].get("annotations", []))
    if event["type"] == "BOOKMARK":
        break

say("deleted", flunders.delete(name="a", **HERE).status)
say("gone", refused(flunders.get, name="a", **HERE).status)
flunders.delete(label_selector="app=b", **HERE)
say("left", len(flunders.get(**HERE).items))
