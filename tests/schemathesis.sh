#!/usr/bin/env bash
# Holds a server against its own OpenAPI document: no 5xx but what it documents, no answer it does
# not document, none of another shape. Needs python3; installs schemathesis into a folder of its own.
#
#     tests/schemathesis.sh [PROGRAM] [EXAMPLES]
set -euo pipefail
program=${1:-target/release/paidan}
examples=${2:-30}
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

python=$(realpath -m "${SCHEMATHESIS_VENV:-$folder/venv}")
[ -x "$python/bin/schemathesis" ] || {
  python3 -m venv "$python"
  "$python/bin/pip" install --quiet 'schemathesis>=4,<5'
}

key=$("$program" key create --db "$folder/desk.db" --role administrator 2>/dev/null)
"$program" serve --listen 127.0.0.1:0 --db "$folder/desk.db" --lang en --workers 4 \
  2>"$folder/said" &
server=$!
for _ in $(seq 100); do
  address=$(grep -o 'http://[0-9.:]*' "$folder/said" | head -n 1) && break
  sleep 0.1
done

cd "$folder"
"$python/bin/schemathesis" run "$address/v1/openapi.json" --url "$address" \
  --header "Authorization: Bearer $key" \
  --phases examples,coverage,fuzzing --max-examples "$examples" --seed 20260309 \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
  --request-timeout 90 --workers 2 --no-color --generation-database none
