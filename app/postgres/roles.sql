-- Three roles, each with no more than it needs: one changes the schema, one reads and writes rows, one
-- looks on. Passwords go by the session alone: not into logs, not into pg_stat_statements.
-- (RDS does not let its administrator say so, and logs no statements unless told to.)
\set ON_ERROR_STOP off
set log_min_error_statement = panic;
set pg_stat_statements.track = none;
\set ON_ERROR_STOP on
\getenv app_password APP_PASSWORD
\getenv migrator_password MIGRATOR_PASSWORD
\getenv monitor_password MONITOR_PASSWORD

select format('create role %I login', name)
  from unnest(array['aeroflash_migrator', 'aeroflash_app', 'aeroflash_monitor']) as name
 where not exists (select from pg_roles where rolname = name)
\gexec

alter role aeroflash_migrator password :'migrator_password';
alter role aeroflash_app password :'app_password';
alter role aeroflash_monitor password :'monitor_password' connection limit 8;

select current_database() as database, current_user as administrator
\gset
revoke all on database :"database" from public;
set client_min_messages = warning;
grant connect on database :"database" to aeroflash_app, aeroflash_monitor;
create extension if not exists pg_stat_statements;
grant pg_monitor to aeroflash_monitor;

-- On RDS the administrator is no superuser, and gives only what is its own.
grant aeroflash_migrator to :"administrator";
alter database :"database" owner to aeroflash_migrator;

-- An empty database is filled without looking at what refers to what (first-data.ts).
\set ON_ERROR_STOP off
grant set on parameter session_replication_role to aeroflash_migrator;
\set ON_ERROR_STOP on

-- The record of migrations is not the product's to write. As node-pg-migrate would make it.
set role aeroflash_migrator;
create table if not exists public.migrations (
  id serial primary key,
  name varchar(255) not null,
  run_on timestamp not null
);
grant select on public.migrations to aeroflash_app;
reset role;

-- Whatever a migration will make, rows in it are the product's and nothing else is.
alter default privileges for role aeroflash_migrator grant usage on schemas to aeroflash_app;
alter default privileges for role aeroflash_migrator grant select, insert, update, delete on tables to aeroflash_app;
alter default privileges for role aeroflash_migrator grant usage on sequences to aeroflash_app;
