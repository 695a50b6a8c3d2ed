#!/bin/sh
# Writes db/schema.sql: what the migrations make of an empty database. It wants DATABASE_URL to name a scratch database on Postgres 15, the
# oldest that is supported, and pg_dump 15 on the PATH. What changes with the day or the machine stays out: the months' partitions and the
# lines with versions. Grants are not in it either, since dbmate dumps none: read them in the migrations.
set -eu
cd "$(dirname "$0")/.."
dump=$(mktemp)
trap 'rm -f "$dump"' EXIT
node_modules/.bin/dbmate --no-dump-schema migrate
node_modules/.bin/dbmate --schema-file "$dump" dump -- '--exclude-table=*_20[0-9][0-9][0-9][0-9]'
grep -v '^-- Dumped ' "$dump" >db/schema.sql
