#!/bin/sh
# Writes a back-up of the database: sh deploy/backup.sh FILE
# Whom to ask is said by libpq's own variables (PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSFILE), so that no
# password stands in a command line. A member of unspun_readonly is enough. Needs pg_dump, of the server's version
# or newer. Past a pooler.
set -eu
umask 077  # it holds drafts and the digests of keys
file=${1:?usage: sh deploy/backup.sh FILE}
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-owner --no-privileges --file="$file.part"
pg_restore --list "$file.part" > /dev/null  # readable, before it takes the place of an older one
mv "$file.part" "$file"
