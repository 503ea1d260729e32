"""CustomObjectsApi: every verb of the flunders, and their status."""

import json

from kubernetes import client

from kit import FLUNDERS, api_client, flunder, refused, say


def reason(error):
    """The HTTP code, and the reason in the Status that came with it."""
    return f"{error.status} {json.loads(error.body)['reason']}"


def names(found):
    return " ".join(item["metadata"]["name"] for item in found["items"])


api = client.CustomObjectsApi(api_client())

created = api.create_namespaced_custom_object(*FLUNDERS, flunder("a"))
say("created", created["metadata"]["name"], created["metadata"]["generation"])
say("again", reason(refused(api.create_namespaced_custom_object, *FLUNDERS, flunder("a"))))
dry = api.create_namespaced_custom_object(*FLUNDERS, flunder("b"), dry_run="All", field_manager="me")
say("dry run", dry["metadata"]["name"], dry["metadata"]["managedFields"][0]["manager"])
strict = refused(api.create_namespaced_custom_object, *FLUNDERS, flunder("b", none=1), field_validation="Strict")
say("strict", reason(strict), 'unknown field "spec.none"' in json.loads(strict.body)["message"])
for name in ("b", "c", "d"):
    api.create_namespaced_custom_object(*FLUNDERS, flunder(name))

found = api.get_namespaced_custom_object(*FLUNDERS, "a")
say("got", found["metadata"]["uid"] == created["metadata"]["uid"])
say("missing", reason(refused(api.get_namespaced_custom_object, *FLUNDERS, "x")))
say("listed", names(api.list_namespaced_custom_object(*FLUNDERS)))
say("of the cluster", names(api.list_cluster_custom_object(FLUNDERS[0], FLUNDERS[1], "flunders")))
say("selected", names(api.list_namespaced_custom_object(*FLUNDERS, label_selector="app in (b, d)")))
say("by field", names(api.list_namespaced_custom_object(*FLUNDERS, field_selector="metadata.name=c")))
page = api.list_namespaced_custom_object(*FLUNDERS, limit=3)
rest = api.list_namespaced_custom_object(*FLUNDERS, limit=3, _continue=page["metadata"]["continue"])
say("in pages", names(page), "|", page["metadata"]["remainingItemCount"], "|", names(rest))

reference = {"spec": {"flunderReference": "b", "referenceType": "Flunder"}}
patched = api.patch_namespaced_custom_object(*FLUNDERS, "a", reference)
say("merged", patched["spec"]["flunderReference"], patched["metadata"]["generation"])
operations = [{"op": "replace", "path": "/spec/flunderReference", "value": "c"}]
patched = api.patch_namespaced_custom_object(*FLUNDERS, "a", operations, _content_type="application/json-patch+json")
say("patched", patched["spec"]["flunderReference"])
patched["spec"] = {}
replaced = api.replace_namespaced_custom_object(*FLUNDERS, "a", patched)
say("replaced", replaced["spec"], replaced["metadata"]["generation"])
say("stale", reason(refused(api.replace_namespaced_custom_object, *FLUNDERS, "a", patched)))

status = api.patch_namespaced_custom_object_status(*FLUNDERS, "a", {"status": {"phase": "Seen"}})
say("status patched", status["status"]["phase"], status["metadata"]["generation"])
status["status"]["phase"] = "Ready"
api.replace_namespaced_custom_object_status(*FLUNDERS, "a", status)
say("status replaced", api.get_namespaced_custom_object_status(*FLUNDERS, "a")["status"]["phase"])

options = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="other"))
say("other uid", reason(refused(api.delete_namespaced_custom_object, *FLUNDERS, "a", body=options)))
deleted = api.delete_namespaced_custom_object(*FLUNDERS, "a", body=client.V1DeleteOptions())
say("deleted", deleted["status"], deleted["details"]["uid"] == created["metadata"]["uid"])
gone = api.delete_collection_namespaced_custom_object(*FLUNDERS, label_selector="app!=c")
say("collection", names(gone))
say("left", names(api.list_namespaced_custom_object(*FLUNDERS)))

FISCHERS = ("wardle.example.com", "v1alpha1", "fischers")
fischer = {"apiVersion": "wardle.example.com/v1alpha1", "kind": "Fischer", "metadata": {"name": "f"}}
api.create_cluster_custom_object(*FISCHERS, fischer)
api.patch_cluster_custom_object(*FISCHERS, "f", {"disallowedFlunders": ["bad"]})
say("forbidden", reason(refused(api.create_namespaced_custom_object, *FLUNDERS, flunder("bad"))))
api.delete_cluster_custom_object(*FISCHERS, "f")
say("allowed", api.create_namespaced_custom_object(*FLUNDERS, flunder("bad"))["metadata"]["name"])
