"""Holds generated documents against the JSON Schemas of their cards, with the `jsonschema` package of PyPI.

usage: schemas.py ESEP FOLDER    FOLDER has sound.ndjson, mixed.ndjson, and faults.ndjson with the rule that must refuse
each wrong line of mixed.ndjson
"""

import collections
import importlib.metadata
import json
import multiprocessing
import subprocess
import sys

import jsonschema

# What a schema can see of one document by itself: unknown members, missing ones, codes, digits, types, limits. What
# weighs fields against each other, check digits and days is the checker's alone.
SEEN_BY_SCHEMAS = {"V007", "V008", "V009", "V010", "V101", "D002", "D003"}

esep, folder = sys.argv[1:]
validators = {}


def load():
    """A validator for every card; each schema is itself held against its own meta-schema."""
    kinds = json.loads(subprocess.check_output([esep, "catalogue", "show", "--json"]))["kinds"]
    for kind in (one["kind"] for one in kinds):
        schema = json.loads(subprocess.check_output([esep, "catalogue", "show", kind, "--schema"]))
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft202012Validator(schema)


def judge(line):
    """Why a line is refused: the first error, or "" where it passes. None where there is no document or no schema."""
    try:
        document = json.loads(line)
    except ValueError:
        return None
    validator = validators.get(document.get("form_code"))
    if validator is None:
        return None
    error = next(validator.iter_errors(document), None)
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" if error else ""


def lines(name):
    with open(f"{folder}/{name}", "rb") as file:
        return file.read().splitlines()


def main():
    load()
    sound = lines("sound.ndjson")
    mixed = lines("mixed.ndjson")
    faults = {one["line"]: one for one in map(json.loads, lines("faults.ndjson"))}
    with multiprocessing.Pool() as pool:
        verdicts = pool.map(judge, sound, chunksize=250)
        mixed_verdicts = pool.map(judge, mixed, chunksize=250)

    wrong = [f"sound line {at}: {why}" for at, why in enumerate(verdicts, 1) if why != ""]
    told = collections.Counter()
    refused = collections.Counter()
    for at, why in enumerate(mixed_verdicts, 1):
        fault = faults.get(at)
        if fault is None:
            if why != "":
                wrong.append(f"mixed line {at} has no fault: {why}")
            continue
        told[fault["code"]] += 1
        refused[fault["code"]] += why != ""
        if fault["code"] in SEEN_BY_SCHEMAS and why == "":
            wrong.append(f"mixed line {at}, {fault['kind']}: {fault['code']} passes")
    for code in SEEN_BY_SCHEMAS - {code for code in told if told[code]}:
        wrong.append(f"no line was wrong by {code}: nothing was tried")

    print(f"schemas: {len(validators)} cards, jsonschema {importlib.metadata.version('jsonschema')}")
    print(f"sound documents that pass: {sum(why == '' for why in verdicts)} of {len(sound)}")
    seen = sum(refused[code] for code in SEEN_BY_SCHEMAS)
    print(f"faults a schema can see, refused: {seen} of {sum(told[code] for code in SEEN_BY_SCHEMAS)}")
    print(f"all faults, refused: {sum(refused.values())} of {sum(told.values())}")
    for line in wrong[:20]:
        print(line, file=sys.stderr)
    return 1 if wrong or len(sound) < 10000 else 0


if __name__ == "__main__":
    sys.exit(main())
