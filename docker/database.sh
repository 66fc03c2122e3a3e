#!/usr/bin/env bash
# Run once by the postgres image, when its volume is new: the clinic's role and database.
# The role is an ordinary one. The time-outs belong to it, so that no request has to set them.
set -euo pipefail

psql --no-psqlrc --set=ON_ERROR_STOP=1 --set=password="${DATABASE_PASSWORD:?}" --username=postgres --dbname=postgres <<'SQL'
CREATE ROLE clinic LOGIN PASSWORD :'password';
ALTER ROLE clinic SET lock_timeout = '3s';
ALTER ROLE clinic SET statement_timeout = '15s';
ALTER ROLE clinic SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE clinic OWNER clinic;
SQL
