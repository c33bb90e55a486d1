"""Holds the Kubernetes and compose examples against the schemas of their formats, and sees that these refuse nonsense."""

import sys

import kubernetes_validate
import yaml
from compose_spec import PyCompose

KUBERNETES = "1.29"  # the oldest with all that the examples use


def load(path):
    with open(path) as file:
        return yaml.safe_load(file)


def check_compose(document):
    # Anchors are merged by now. Variables are put in before docker reads a value.
    text = yaml.safe_dump(document).replace("${FLIGHTS:?the folder with model and archive}", "/srv/flights")
    PyCompose.from_yaml(text).validate()


def refuses(check, document, why):
    try:
        check(document)
    except Exception:
        return
    sys.exit(f"the schema takes {why}")


def check_kubernetes(document):
    kubernetes_validate.validate(document, KUBERNETES, strict=True)


compose, *jobs = sys.argv[1:]
check_compose(load(compose))
for service, key, value in [("worker", "replicaz", 2), ("redis", "healthcheck", {"retries": "many"})]:
    wrong = load(compose)
    wrong["services"][service][key] = value
    refuses(check_compose, wrong, f"{service}.{key} {value}")
for path in jobs:
    check_kubernetes(load(path))
    for key, value in [("completionz", 1), ("backoffLimit", "many")]:
        wrong = load(path)
        wrong["spec"][key] = value
        refuses(check_kubernetes, wrong, f"spec.{key} {value}")
print("valid")
