"""What the scripts share: a client of the server that the test names, and words for what it tells."""

import json
import os
import sys
from urllib.request import urlopen

from kubernetes import client
from kubernetes.client.rest import ApiException

GROUP = "wardle.example.com"
VERSION = "v1beta1"
NAMESPACE = "default"
FLUNDERS = (GROUP, VERSION, NAMESPACE, "flunders")


def api_client():
    """A client without a kubeconfig, for there is nothing in it that the server would ask for."""
    configuration = client.Configuration(host=os.environ["SERVER"])
    return client.ApiClient(configuration)


def flunder(name, **spec):
    return {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "Flunder",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": spec,
    }


def say(*words):
    """One line for the test, which waits for it."""
    print(*words, flush=True)


def documents():
    """Every OpenAPI document of the server, with its path."""
    def read(path):
        with urlopen(os.environ["SERVER"] + path) as answer:
            return json.load(answer)

    for path in ["/openapi/v2", *(f"/openapi/v3/{name}" for name in read("/openapi/v3")["paths"])]:
        yield path, read(path)


def refused(call, *arguments, **options):
    """What the server says instead of doing it."""
    try:
        call(*arguments, **options)
    except ApiException as error:
        return error
    sys.exit(f"not refused: {arguments} {options}")
