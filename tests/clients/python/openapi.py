"""schemathesis: random requests by the OpenAPI document of wardle, and whether their answers are what it says.

The arguments are further options of `schemathesis run`. What the document cannot say of a request that is meant to do
something, the hooks below do: an object that is there, its name and its resource version, and an apply that says who applies.
"""

import json
import os
import random
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import schemathesis
from schemathesis.cli import schemathesis as command_line

SERVER = os.environ["SERVER"]
DOCUMENT = f"{SERVER}/openapi/v3/apis/wardle.example.com/v1alpha1"
SEED = os.environ.get("OPENAPI_SEED", "1")

# The checks that are left out want unknown parameters and methods refused in ways of their own: a Kubernetes server
# ignores unknown parameters, so that clients newer than it go on working.
CHECKS = "no_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

# Mistakes of clients that are 500 all the same: of an apply, of a strategic merge, of a patch of another type.
DEMANDED = ("failed to create typed patch object (", "unknown patch type: ")

chance = random.Random(SEED)
documented, succeeded = set(), set()


def ask(path, body=None):
    """The JSON of an answer, or of a refusal."""
    data = body and json.dumps(body).encode()
    try:
        with urlopen(Request(SERVER + path, data, {"Content-Type": "application/json"})) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


def stored(path):
    """The object `a` of this path, which is created if it is not there."""
    collection = path.split("/{name}")[0].replace("{namespace}", "default")
    ask(collection, {"metadata": {"name": "a"}, "spec": {}})
    return ask(f"{collection}/a")


def metadata(case, found):
    """What a body must say of its object to be taken."""
    if found is None:
        return {"generateName": "a-"}
    return {"name": "a"} | ({"resourceVersion": found["metadata"]["resourceVersion"]} if case.method == "PUT" else {})


@schemathesis.hook
def before_call(context, case, kwargs):
    documented.add((case.operation.method.upper(), case.path))
    # The answer to a watch is lines without an end, and no schema of one document describes them.
    case.query.pop("watch", None)
    case.headers["Accept"] = chance.choice(["application/json", "application/yaml"])
    # What is random all over rarely gets far.
    if chance.random() < 0.3:
        return
    if chance.random() < 0.8:
        case.query.clear()
    if "namespace" in case.path_parameters:
        case.path_parameters["namespace"] = "default"
    found = None
    if "name" in case.path_parameters:
        case.path_parameters["name"] = "a"
        found = stored(case.path)
    if case.media_type == "application/json-patch+json":
        case.body = [{"op": "add", "path": "/metadata/labels", "value": {"x": "y"}}]
    elif case.method == "DELETE" and chance.random() < 0.5:
        case.body = {}
    elif isinstance(case.body, dict):
        case.body.pop("apiVersion", None)
        case.body.pop("kind", None)
        if case.method == "DELETE":
            case.body.pop("preconditions", None)
        else:
            case.body["metadata"] = metadata(case, found)
            # The references of a flunder exclude each other, which is not for a schema to say.
            if "spec" in case.body and chance.random() < 0.5:
                case.body["spec"] = {}
    if case.media_type == "application/apply-patch+yaml" and isinstance(case.body, dict):
        kind = "Flunder" if "flunders" in case.path else "Fischer"
        case.body |= {"apiVersion": "wardle.example.com/v1alpha1", "kind": kind}
        case.query |= {"fieldManager": "tests", "force": True}


@schemathesis.hook
def after_call(context, case, response):
    if 200 <= response.status_code < 300:
        succeeded.add((case.method, case.path))


@schemathesis.check
def no_server_error(context, response, case):
    """The usual check, but for what the conventions of Kubernetes demand."""
    if response.status_code >= 500 and not any(text in response.text for text in DEMANDED):
        raise AssertionError(f"{response.status_code}: {response.text}")


# A watch all the same, by its path.
options = ["--checks", CHECKS, "--exclude-path-regex", "/watch/", "--request-timeout", "20"]
try:
    command_line(["run", DOCUMENT, "--url", SERVER, "--continue-on-failure", "--seed", SEED, *options, *sys.argv[1:]])
except SystemExit as ended:
    print("never succeeded:", *sorted(" ".join(operation) for operation in documented - succeeded), sep="\n")
    raise ended
