#!/usr/bin/env bash
# Holds a server against its own OpenAPI document: no 5xx but what it documents, no answer it does
# not document, none of another shape. Needs curl and python3; installs schemathesis into a folder
# of its own.
#
#     tests/schemathesis.sh [PROGRAM] [EXAMPLES] [PHASES]
#
# The phase `coverage` asks some two thousand questions of every operation: hours, worth a night.
set -euo pipefail
program=$(realpath "${1:-target/release/paidan}")
examples=${2:-30}
phases=${3:-examples,fuzzing}
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

python=$(realpath -m "${SCHEMATHESIS_VENV:-$folder/venv}")
[ -x "$python/bin/schemathesis" ] || {
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet 'schemathesis>=4,<5'
}

key=$("$program" key create --db "$folder/desk.db" --role administrator 2>/dev/null)
"$program" serve --listen 127.0.0.1:0 --db "$folder/desk.db" --lang en --workers 4 --rate 0 \
  2>"$folder/said" &
server=$!
address=
for _ in $(seq 100); do
  address=$(grep -o 'http://[0-9.:]*' "$folder/said" | head -n 1) || true
  [ -z "$address" ] || break
  kill -0 "$server" || { cat "$folder/said" >&2; exit 1; }
  sleep 0.1
done
[ -n "$address" ] || { echo "the server does not say where it listens" >&2; exit 1; }

# A desk at work: base, person, client, tickets, policy, plan, quotes, one of them accepted.
send() { # METHOD PATH BODY [HEADER]
  curl --silent --show-error --fail-with-body --request "$1" --header "Authorization: Bearer $key" \
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
draft=$(send POST drafts '{"rounds": 1}' | member id)
send POST plans "{\"draft\": \"$draft\", \"replaces\": 0}" >"$folder/out"
quoted() {
  send POST quotes "{\"format\": \"paidan-request/1\", \"tickets\": [
    {\"id\": \"$1\", \"service\": \"filing\"}]}" | member id
}
send POST "quotes/$(quoted T-2)/acceptance" '{"option": "as_it_stands"}' >"$folder/out"
quoted T-3 >"$folder/out"
send POST tickets/T-1/promise '{}' 'If-Match: *' >"$folder/out"
send POST hooks '{"url": "https://hooks.invalid/in", "events": ["ticket.*"]}' >"$folder/out"

cd "$folder"
"$python/bin/schemathesis" run "$address/v1/openapi.json" --url "$address" \
  --header "Authorization: Bearer $key" \
  --phases "$phases" --max-examples "$examples" --seed 20260309 \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
  --request-timeout 90 --workers 2 --no-color --generation-database none
