#!/usr/bin/env bash
# Holds a server against its own OpenAPI document: no 5xx but what it documents, no answer it does
# not document, none of another shape. Needs curl and python3; installs schemathesis into a folder
# of its own.
#
#     tests/schemathesis.sh [PROGRAM] [EXAMPLES] [PHASES] [COVERED]
#
# EXAMPLES is how many cases each operation is fuzzed with. The phase `coverage` knows thousands of
# cases for some operations: of each the first COVERED are asked and then every hundredth.
set -euo pipefail
program=$(realpath "${1:-target/release/paidan}")
examples=${2:-30}
phases=${3:-examples,coverage,fuzzing,stateful}
covered=${4:-100}
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

python=$(realpath -m "${SCHEMATHESIS_VENV:-$folder/venv}")
[ -x "$python/bin/schemathesis" ] || {
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet schemathesis==4.32.5
}

# Asked as a person behind a proxy: whoever asks by key is shut out as soon as a case takes that key
# back, and told to come again (429) for the rest of the run. Jobs are short, so that their places
# are free again.
"$program" serve --listen 127.0.0.1:0 --db "$folder/desk.db" --lang en --rate 0 --proxy 127.0.0.1 \
  --inline 1 --inline-rounds 3 --job 1 2>"$folder/said" &
server=$!
address=
for _ in $(seq 100); do
  address=$(grep -o 'http://[0-9.:]*' "$folder/said" | head -n 1) || true
  [ -z "$address" ] || break
  kill -0 "$server" || { cat "$folder/said" >&2; exit 1; }
  sleep 0.1
done
[ -n "$address" ] || { echo "the server does not say where it listens" >&2; exit 1; }

person=(--header 'X-Paidan-Person: tester' --header 'X-Paidan-Role: administrator')

# A desk at work: base, person, client, tickets, policy, plan, quotes, one of them accepted.
send() { # METHOD PATH BODY [HEADER]
  curl --silent --show-error --fail-with-body --request "$1" "${person[@]}" \
    --header "${4:-Accept: application/json}" --json "$3" "$address/v1/$2"
}
member() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
hours='["09:00-12:00", "13:00-18:00"]'
send PUT base "{\"horizon_days\": 30, \"calendars\": [{\"id\": \"office\", \"weekly\": {
    \"mon\": $hours, \"tue\": $hours, \"wed\": $hours, \"thu\": $hours, \"fri\": $hours}}],
  \"skills\": [{\"id\": \"tax\"}], \"services\": [{\"id\": \"filing\", \"normal\": [
    {\"id\": \"file\", \"seats\": [{\"skill\": \"tax\", \"level\": 3}], \"minutes\": 60}]}]}" \
  'If-None-Match: *' >"$folder/out"
send POST people '{"id": "wang", "skills": [{"skill": "tax", "level": 3}],
  "bands": [{"kind": "regular", "calendar": "office"}]}' >"$folder/out"
send POST clients '{"id": "acme"}' >"$folder/out"
send POST tickets '{"id": "T-1", "channel": "web", "service": "filing", "client": "acme"}' \
  >"$folder/out"
send PUT policy '{"format": "paidan-policy/1", "quote_minutes": 600, "rates": [
  {"service": "filing", "normal_fen": 50000, "surcharge_permille": 200,
   "overtime_permille": 1000, "displacement_permille": 1000}]}' 'If-None-Match: *' >"$folder/out"
for ticket in T-2 T-3 T-4 T-5 T-6; do
  send POST tickets "{\"id\": \"$ticket\", \"channel\": \"web\", \"service\": \"filing\"}" >"$folder/out"
done
draft=$(send POST drafts '{"rounds": 1}' | member id)
send POST plans "{\"draft\": \"$draft\", \"replaces\": 0}" >"$folder/out"
quoted() {
  send POST quotes "{\"format\": \"paidan-request/1\", \"tickets\": [
    {\"id\": \"$1\", \"service\": \"filing\"}]}" | member id
}
accepted=$(quoted T-7)
send POST "quotes/$accepted/acceptance" '{"option": "as_it_stands"}' >"$folder/out"
quote=$(quoted T-8)
send POST tickets/T-1/promise '{}' 'If-Match: *' >"$folder/out"
token=$(send POST tickets/T-1/progress-link '{}' | member url | sed 's|.*/p/||')
absence=$(send POST people/wang/absences \
  '{"from": "2031-01-06T09:00+08:00", "to": "2031-01-06T18:00+08:00"}' | member id)
hook=$(send POST hooks '{"url": "https://hooks.invalid/in", "events": ["ticket.*"]}' | member id)
prefix=$(send POST keys '{"role": "auditor", "days": 1}' | member key | cut -d_ -f2)

cd "$folder"
cat >hooks.py <<EOF
import schemathesis
from collections import Counter

seen = Counter()

# What there is: two of three cases ask for it, the others for what chance says. The first name of a
# list is kept for those that destroy nothing.
tickets = ["T-1", "T-2", "T-3", "T-4", "T-5", "T-6", "T-7"]
known = {
    "/v1/tickets/": tickets,
    "/v1/clients/": ["acme"],
    "/v1/people/": ["wang"],
    "/v1/hooks/": ["$hook"],
    "/v1/drafts/": ["$draft"],
    "/v1/quotes/": ["$quote", "$accepted"],
    "/v1/plans/": ["1", "2"],
    "/v1/keys/": ["$prefix"],
    "/v1/dead-letters/": ["1"],
    "/p/": ["$token"],
}
parts = {"absence": "$absence", "step": "file"}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    method, path = context.operation.label.split(" ", 1)
    seen[path, "path"] += 1
    names = next((names for place, names in known.items() if path.startswith(place)), None)
    if seen[path, "path"] % 3 == 0 or not path_parameters or names is None:
        return path_parameters
    if method == "DELETE" and len(names) > 1:
        names = names[1:]
    first = next(iter(path_parameters))
    name = names[seen[path, "path"] % len(names)]
    return {**path_parameters, **parts_of(path_parameters), first: name}


def parts_of(path_parameters):
    return {name: parts[name] for name in path_parameters if name in parts}


@schemathesis.hook
def filter_case(context, case):
    if case.meta is None or case.meta.phase.name.name != "COVERAGE":
        return True
    seen[case.operation.label] += 1
    nth = seen[case.operation.label]
    return nth <= $covered or nth % 100 == 0
EOF
SCHEMATHESIS_HOOKS=hooks PYTHONPATH="$folder" "$python/bin/schemathesis" run "$address/v1/openapi.json" --url "$address" \
  "${person[@]}" \
  --generation-with-security-parameters false --continue-on-failure \
  --phases "$phases" --max-examples "$examples" --seed 20260309 \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
  --suppress-health-check all --request-timeout 90 --workers 1 --no-color --generation-database none
