#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validates recorded answers of the plane against resources/api/openapi.yaml.

usage: validate.py OPENAPI RECORDS

RECORDS: one JSON object a line, {"method","path","status","contentType","body"}; "path" without its query.
The contract itself is checked too: every reference leads somewhere, every schema is a valid JSON Schema (2020-12, as OpenAPI 3.1 says).
Each operation must be among the records with a 200. Exit 0: all hold. Exit 1: what does not is on standard output.
"""
import json
import re
import sys

import jsonschema
import yaml


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document, reference):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        contract = yaml.safe_load(file)
    problems = []
    for reference in references(contract):
        try:
            resolve(contract, reference)
        except KeyError:
            problems.append(f"contract: {reference} leads nowhere")
    schemas = contract["components"]["schemas"]
    for name, schema in schemas.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            problems.append(f"contract: {name}: {error.message}")

    def validator(schema):
        return jsonschema.Draft202012Validator({**schema, "components": contract["components"]})

    operations = {}
    for path, methods in contract["paths"].items():
        # {path} stands for several segments: a tile's name.
        pattern = re.compile("^" + re.sub(r"\\\{[^}]*\\\}|\{[^}]*\}", "[^/]+", path.replace("{path}", ".+")) + "$")
        for method, operation in methods.items():
            operations[(method.upper(), path)] = (pattern, operation)

    seen = set()
    count = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            count += 1
            where = f"{record['method']} {record['path']} → {record['status']}"
            found = [key for key, (pattern, _) in operations.items() if key[0] == record["method"] and pattern.match(record["path"])]
            found.sort(key=lambda key: key[1].count("{"))  # /counts before /{id}
            media = record["contentType"].split(";")[0]
            if record["status"] != 200:
                if media != "application/problem+json":
                    problems.append(f"{where}: {media} instead of a problem document")
                    continue
                schema = {"$ref": "#/components/schemas/Problem"}
            else:
                if not found:
                    problems.append(f"{where}: not in the contract")
                    continue
                answer = operations[found[0]][1]["responses"]["200"]
                if media not in answer["content"]:
                    problems.append(f"{where}: answered {media}")
                    continue
                seen.add(found[0])
                schema = answer["content"][media]["schema"]
            body = json.loads(record["body"]) if media.endswith("json") else record["body"]
            for error in validator(schema).iter_errors(body):
                problems.append(f"{where}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
            if record["status"] != 200 and body.get("status") != record["status"]:
                problems.append(f"{where}: the document says {body.get('status')}")
    for key in sorted(set(operations) - seen):
        problems.append(f"{key[0]} {key[1]}: no answer of this operation was recorded")
    for problem in problems:
        print(problem)
    print(f"{count} answers, {len(operations)} operations, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
