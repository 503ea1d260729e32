"""leaderelection: one candidate of several for a lease. It leads until the test tells it to go on, and then gives up."""

import logging
import os
import sys

from kubernetes import client
from kubernetes.leaderelection.electionconfig import Config
from kubernetes.leaderelection.leaderelection import LeaderElection
from kubernetes.leaderelection.resourcelock.leaselock import LeaseLock

from kit import NAMESPACE, say

NAME = sys.argv[1]


class Held(logging.Handler):
    """The library tells only its log that another one leads."""

    def emit(self, record):
        text = record.getMessage()
        if "lease held by" in text:
            say(NAME, "waits:", text)


def lead():
    say(NAME, "leads")
    sys.stdin.readline()
    # The library renews the lease until this fails.
    raise RuntimeError(f"{NAME} gives up")


logging.getLogger("leaderelection").setLevel(logging.INFO)
logging.getLogger("leaderelection").addHandler(Held())
client.Configuration.set_default(client.Configuration(host=os.environ["SERVER"]))
seconds = {"lease_duration": 3, "renew_deadline": 2, "retry_period": 1}
lock = LeaseLock("leader", NAMESPACE, NAME)
stopped = lambda: say(NAME, "has stopped")
LeaderElection(Config(lock, **seconds, onstarted_leading=lead, onstopped_leading=stopped)).run()
