"""watch.Watch and the informer: what they see, and how they go on. The test changes the flunders when it reads a line."""

import logging
import sys
import threading
from types import SimpleNamespace

from kubernetes import client
from kubernetes.client.rest import ApiException
from kubernetes.informer import ADDED, DELETED, ERROR, MODIFIED, SharedInformer
from kubernetes.watch import Watch
from urllib3.exceptions import HTTPError

from kit import FLUNDERS, api_client, say

api = client.CustomObjectsApi(api_client())


def name(flunder):
    return flunder["metadata"]["name"]


def flunders(**options) -> object:
    """The list, or the watch, which it tells. The library takes the type of its events from that of this."""
    if options.get("watch"):
        say("watches from", options["resource_version"])
    return api.list_namespaced_custom_object(*FLUNDERS, **options)


def follow(version):
    """Tells every event behind this resource version, up to that of the flunder `last`."""
    watch = Watch()
    while True:
        try:
            for event in watch.stream(flunders, resource_version=version):
                say(event["type"], name(event["object"]))
                if name(event["object"]) == "last":
                    return
        except HTTPError:
            # Where the server ends a watch, the library goes on by itself; a connection that breaks is for its user.
            say("broken")
            version = watch.resource_version
        except ApiException as error:
            say(error.status, error.reason)
            return


def now():
    """Tells the flunders that there are, and gives the resource version to watch from."""
    found = flunders()
    say("listed", *map(name, found["items"]))
    return found["metadata"]["resourceVersion"]


def too_old():
    """The library tries once more, and then it is up to its user to list again."""
    follow("1")
    follow(now())


def typed(**options) -> object:
    """As the informer wants it, which knows typed lists only."""
    found = flunders(**options)
    if options.get("watch"):
        return found
    version = SimpleNamespace(resource_version=found["metadata"]["resourceVersion"])
    return SimpleNamespace(items=found["items"], metadata=version)


def inform():
    """The events of an informer, and what it holds at last. It goes on by itself, whatever ends the watch."""
    logging.disable()
    informer, last = SharedInformer(typed), threading.Event()

    def tell(word):
        def handler(flunder):
            say(word, name(flunder))
            if name(flunder) == "last":
                last.set()

        informer.add_event_handler(word, handler)

    for word in (ADDED, MODIFIED, DELETED):
        tell(word)
    # It breaks its connection to stop.
    informer.add_event_handler(ERROR, lambda _: last.is_set() or say("broken"))
    informer.start()
    last.wait()
    informer.stop()
    say("holds", *sorted(informer.cache.list_keys()))


{"follow": lambda: follow(now()), "too_old": too_old, "inform": inform}[sys.argv[1]]()
