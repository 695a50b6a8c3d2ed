#!/usr/bin/env bash
# The tests that reach the database, on the system's own Postgres (15 or newer) instead of the embedded 18; with a 15 also the check that
# db/schema.sql is what the migrations make. The server lives in a temporary folder and ends with this script.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | head -n 1)
folder=$(mktemp -d)
chmod 755 "$folder"
as=()
[ "$(id -u)" != 0 ] || { chown nobody "$folder" && as=(setpriv --reuid=nobody --regid=nogroup --clear-groups); }
port=$(bun -e 'const s = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } }); console.log(s.port); s.stop(true)')

# From a folder that the other user may enter: Postgres wants to return to where it was called.
server() { (cd / && "${as[@]}" "$bin/$1" --pgdata="$folder/data" "${@:2}" >/dev/null); }
server initdb --username=moltbot --auth=trust --encoding=UTF8 --locale=C
server pg_ctl --log="$folder/log" --wait start \
  --options="-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c port=$port"
trap 'server pg_ctl --mode=fast stop; rm -rf "$folder"' EXIT
url="postgres://moltbot@127.0.0.1:$port/postgres?sslmode=disable"
"$bin/postgres" --version

case "$("$bin/postgres" --version)" in
*' 15.'*)
  bun -e 'const { default: postgres } = await import("postgres"); const sql = postgres(process.argv[1]); await sql`create database dump`; await sql.end()' "$url"
  before=$(mktemp)
  cp db/schema.sql "$before"
  DATABASE_URL="${url/\/postgres?/\/dump?}" PATH="$bin:$PATH" db/dump-schema.sh >/dev/null
  diff "$before" db/schema.sql || { echo 'db/schema.sql is not what the migrations make: run db/dump-schema.sh and commit it'; exit 1; }
  ;;
esac
TEST_DATABASE_URL=$url bun test/run.ts db server/audit server/runs server/calls server/stats server/prompts server/security jobs
