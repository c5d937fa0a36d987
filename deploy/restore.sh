#!/bin/sh
# Fills an empty database from a back-up: sh deploy/restore.sh FILE
# libpq's own variables say where, and name its owner. All of it or nothing. Then run `unspun migrate`, which gives
# the rights and brings older tables to the installed version.
set -eu
file=${1:?usage: sh deploy/restore.sh FILE}
found=$(psql --no-psqlrc --tuples-only --no-align --command "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
if [ "$found" != 0 ]; then
    echo "The database $PGDATABASE holds $found tables already: restore into an empty one." >&2
    exit 1
fi
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$PGDATABASE" "$file"
