"""openapi-generator: whether it makes a client of every OpenAPI document of the server, and what such a client lists.

The environment names the program. Of its warnings only those are left out that are not about the document.
"""

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from kit import documents, say

OWN = (
    # It says so of every document that has an object.
    "Failed to get the schema name: null",
    # The names of parameters and fields are those of Kubernetes.
    "(reserved word) cannot be used as ",
)

sys.path.insert(0, ".")
for number, (path, document) in enumerate(documents()):
    package, file = f"client_{number}", Path(f"{number}.json")
    file.write_text(json.dumps(document))
    arguments = ["generate", "-g", "python", "-i", file, "-o", ".", "--package-name", package]
    made = subprocess.run([os.environ["OPENAPI_GENERATOR"], *arguments], capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"{path}: {made.stderr}")
    lines = (made.stdout + made.stderr).splitlines()
    warnings = [line for line in lines if re.search(r"\b(WARN|ERROR)\b", line) and not any(own in line for own in OWN)]
    say(path, *warnings)

    client = importlib.import_module(package)
    connection = client.ApiClient(client.Configuration(host=os.environ["SERVER"]))
    for name in sorted(name for name in dir(client) if name.endswith("Api")):
        api = getattr(client, name)(connection)
        for operation in sorted(name for name in dir(api) if re.fullmatch("list_.*_for_all_namespaces", name)):
            say(operation, *(item.metadata.name for item in getattr(api, operation)().items))
