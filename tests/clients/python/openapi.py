"""schemathesis: random requests by OpenAPI documents of a server, and whether their answers are what they say.

The arguments are the paths of the documents, and further options of `schemathesis run`. What a document cannot say of a request that is meant to do
something, the hooks below do: an object that is there, its name and its resource version, an apply that says who applies,
and patches that are of fields that there are.
"""

import copy
import json
import os
import random
import re
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import schemathesis
from schemathesis.cli import schemathesis as command_line

SERVER = os.environ["SERVER"]
SEED = os.environ.get("OPENAPI_SEED", "1")

# The checks that are left out want unknown parameters and methods refused in ways of their own: a Kubernetes server
# ignores unknown parameters, so that clients newer than it go on working.
CHECKS = "no_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# What is 500 all the same: mistakes in an apply, in a strategic merge, in a patch of another type; and the scale of what
# says no replicas.
DEMANDED = re.compile(
    r"failed to create typed patch object \(|unknown patch type: |the spec replicas field \S+ does not exist"
)

chance = random.Random(SEED)
documented, succeeded = set(), set()
# What was last said of an object of a Kind, as fields beside its metadata.
said = {}


def ask(path, body=None, method=None):
    """The JSON of an answer, or of a refusal."""
    data = body and json.dumps(body).encode()
    try:
        with urlopen(Request(SERVER + path, data, {"Content-Type": "application/json"}, method=method)) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


def stored(path):
    """The object `a` of this path, which is created if it is not there."""
    collection = path.split("/{name}")[0].replace("{namespace}", "default")
    if ask(f"{collection}/a")["kind"] == "Status":
        ask(collection, {"metadata": {"name": "a"}, "spec": {}})
    if path.endswith("/scale"):
        # An object that says no replicas has none.
        ask(f"{collection}/a/scale", {"metadata": {"name": "a"}, "spec": {"replicas": 1}}, "PUT")
    return ask(f"{collection}/a")


def metadata(case, found):
    """What a body must say of its object to be taken."""
    if found is None:
        return {"generateName": "a-"}
    return {"name": "a"} | ({"resourceVersion": found["metadata"]["resourceVersion"]} if case.method == "PUT" else {})


def direct(patch):
    """Puts a directive of strategic merge patches somewhere."""
    if isinstance(patch, list):
        if chance.random() < 0.2:
            patch.append({"$patch": "replace"})
        inner = patch
    else:
        inner = list(patch.values())
        if chance.random() < 0.2:
            patch["$patch"] = chance.choice(["replace", "merge", "delete"])
        elif chance.random() < 0.2:
            patch["$retainKeys"] = list(patch)
        elif patch and chance.random() < 0.2:
            patch["$setElementOrder/" + chance.choice(list(patch))] = []
    for value in inner:
        if isinstance(value, (dict, list)):
            direct(value)


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = (case.operation.method.upper(), case.path)
    # The first request of each operation is one that succeeds.
    first = operation not in documented
    documented.add(operation)
    # The answer to a watch is lines without an end, and no schema of one document describes them.
    case.query.pop("watch", None)
    case.headers["Accept"] = chance.choice(["application/json", "application/yaml"])
    # What is random all over rarely gets far.
    if not first and chance.random() < 0.3:
        return
    if first or chance.random() < 0.8:
        case.query.clear()
    if "namespace" in case.path_parameters:
        case.path_parameters["namespace"] = "default"
    found = None
    if "name" in case.path_parameters:
        case.path_parameters["name"] = "a"
        found = stored(case.path)
    kind = case.operation.definition.raw["x-kubernetes-group-version-kind"]
    if case.media_type == "application/json-patch+json":
        case.body = [{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]
    elif case.method == "DELETE" and (first or chance.random() < 0.5):
        case.body = {}
    elif isinstance(case.body, dict):
        key = tuple(kind.values())
        if case.method == "PATCH" and first:
            case.body = {}
        elif case.method == "PATCH" and key in said and chance.random() < 0.7:
            case.body = copy.deepcopy(said[key])
            if case.media_type == "application/strategic-merge-patch+json" and chance.random() < 0.5:
                direct(case.body)
        case.body.pop("apiVersion", None)
        case.body.pop("kind", None)
        if case.method == "DELETE":
            case.body.pop("preconditions", None)
        else:
            case.body["metadata"] = metadata(case, found)
            # The references of a flunder exclude each other, which is not for a schema to say.
            if "spec" in case.body and (first or chance.random() < 0.5):
                case.body["spec"] = {}
        if case.method in ("POST", "PUT"):
            said[key] = {name: value for name, value in case.body.items() if name != "metadata"}
    if case.media_type == "application/apply-patch+yaml" and isinstance(case.body, dict):
        version = f"{kind['group']}/{kind['version']}" if kind["group"] else kind["version"]
        case.body |= {"apiVersion": version, "kind": kind["kind"]}
        case.query |= {"fieldManager": "tests", "force": True}


@schemathesis.hook
def after_call(context, case, response):
    if 200 <= response.status_code < 300:
        succeeded.add((case.method, case.path))


@schemathesis.check
def no_server_error(context, response, case):
    """The usual check, but for what the conventions of Kubernetes demand."""
    if response.status_code >= 500 and not DEMANDED.search(response.text):
        raise AssertionError(f"{response.status_code}: {response.text}")


# A watch all the same, by its path. How fast requests are made up is no matter of the server's.
options = ["--checks", CHECKS, "--exclude-path-regex", "/watch/", "--request-timeout", "20", "--continue-on-failure"]
options += ["--suppress-health-check", "too_slow"]
paths = [argument for argument in sys.argv[1:] if argument.startswith("/")]
options += ["--url", SERVER, "--seed", SEED, *sys.argv[1 + len(paths) :]]
failed = 0
for path in paths:
    try:
        command_line(["run", SERVER + path, *options])
    except SystemExit as ended:
        failed |= ended.code
print("never succeeded:", *sorted(" ".join(operation) for operation in documented - succeeded), sep="\n")
sys.exit(failed)
