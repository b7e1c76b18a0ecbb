"""Checks drawn cards with Slack's own Python library: a second opinion beside assert-blocks.ts.

    python3 -m venv .quarterdeck/tools/blockkit
    .quarterdeck/tools/blockkit/bin/pip install slack_sdk==3.47.0
    .quarterdeck/tools/blockkit/bin/python bot/slack/testing/validate_blocks.py bot/slack/golden/*.json
"""

import json
import sys

from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block


def objects(value):
    """Every object of Slack's library inside a block."""
    if isinstance(value, JsonObject):
        yield value
        for inner in vars(value).values():
            yield from objects(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from objects(inner)


def problems(path):
    with open(path, encoding="utf-8") as file:
        drawn = json.load(file)
    for number, block in enumerate(drawn["blocks"]):
        parsed = Block.parse(block)
        if parsed is None:
            yield f"{path}: block {number} is of an unknown type"
            continue
        for item in objects(parsed):
            try:
                item.validate_json()
            except Exception as error:
                yield f"{path}: block {number}: {error}"
                return
        if parsed.to_dict() != block:
            yield f"{path}: block {number} is read differently: {parsed.to_dict()}"


if __name__ == "__main__":
    found = [problem for path in sys.argv[1:] for problem in problems(path)]
    print("\n".join(found) or f"{len(sys.argv) - 1} cards, no problem")
    sys.exit(1 if found else 0)
