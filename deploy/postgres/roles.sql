-- The users of the views' database and what each may do. Run it by psql in that database, as a superuser, or, where a hosted PostgreSQL gives nobody
-- that, as the database's owner with CREATEROLE, who becomes a member of each user; again changes nothing.
--   tally, audit   make, fold and rebuild the schemas of their own view, and no others; nobody else writes there
--   portal         reads both views, and keeps the directory of persons in a schema of its own
-- Whoever runs it keeps the password that it has: a superuser's is changed by \password (deploy/README.md, Upgrades).
-- Passwords come from the environment: SOCAI_POSTGRES_TALLY_PASSWORD, SOCAI_POSTGRES_AUDIT_PASSWORD, SOCAI_POSTGRES_PORTAL_PASSWORD.
\set ON_ERROR_STOP on
\set QUIET on
\set tally_password ''
\set audit_password ''
\set portal_password ''
\getenv tally_password SOCAI_POSTGRES_TALLY_PASSWORD
\getenv audit_password SOCAI_POSTGRES_AUDIT_PASSWORD
\getenv portal_password SOCAI_POSTGRES_PORTAL_PASSWORD
select '' in (:'tally_password', :'audit_password', :'portal_password') as without_password \gset
\if :without_password
do $$ begin raise exception 'set SOCAI_POSTGRES_TALLY_PASSWORD, SOCAI_POSTGRES_AUDIT_PASSWORD and SOCAI_POSTGRES_PORTAL_PASSWORD'; end $$;
\endif

select rolsuper as by_superuser from pg_roles where rolname = current_user \gset
begin;
-- A statement with a password in it belongs in no log, whether it fails or not. Others than superusers have to see to that before.
\if :by_superuser
set local log_statement = 'none';
set local log_min_duration_statement = -1;
set local log_min_error_statement = 'panic';
\endif
-- Two at once would make the same role.
select pg_advisory_xact_lock(7310848) as locked \gset

select format('create role %I', name) from unnest(array['tally', 'audit', 'portal']) as name
 where not exists (select from pg_roles where rolname = name) \gexec
-- Nobody but a superuser may name the three attributes that nobody but a superuser could have given.
\set attributes 'login nocreatedb nocreaterole'
\if :by_superuser
\set attributes 'login nocreatedb nocreaterole nosuperuser noreplication nobypassrls'
\else
grant tally, audit, portal to current_user;
\endif
alter role tally  with :attributes password :'tally_password';
alter role audit  with :attributes password :'audit_password';
alter role portal with :attributes password :'portal_password';

revoke all on database :"DBNAME" from public;
grant connect on database :"DBNAME" to tally, audit, portal;
revoke all on schema public from public;

-- Which generation of a view is in use: each moves the pointers of its own view. The program makes the same table where there are no roles.
create schema if not exists socai_views;
create table if not exists socai_views.pointer (
    view text not null, fold_version bigint not null, generation bigint not null, primary key (view, fold_version));
alter schema socai_views owner to current_user;
alter table socai_views.pointer owner to current_user;
grant usage on schema socai_views to tally, audit, portal;
grant select on socai_views.pointer to tally, audit, portal;
grant insert, update, delete on socai_views.pointer to tally, audit;
alter table socai_views.pointer enable row level security;
drop policy if exists everybody_reads on socai_views.pointer;
drop policy if exists tally_moves_its_own on socai_views.pointer;
drop policy if exists audit_moves_its_own on socai_views.pointer;
create policy everybody_reads on socai_views.pointer for select using (true);
create policy tally_moves_its_own on socai_views.pointer to tally using (view = 'tally') with check (view = 'tally');
create policy audit_moves_its_own on socai_views.pointer to audit using (view = 'trail') with check (view = 'trail');

-- A rebuild makes a schema beside the one in use, whose number nobody knows beforehand. Whoever may make schemas makes any; so this makes them.
create or replace function socai_views.make_schema(name text) returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    of_view text := case session_user when 'tally' then 'tally' when 'audit' then 'trail' end;
begin
    if of_view is null or name !~ ('^' || of_view || '_v[0-9]+_g[0-9]+$') then
        raise exception 'the user "%" makes no schema "%"', session_user, name using errcode = 'insufficient_privilege';
    end if;
    execute format('create schema if not exists %I authorization %I', name, session_user);
end $$;
alter function socai_views.make_schema owner to current_user;
revoke all on function socai_views.make_schema from public;
grant execute on function socai_views.make_schema to tally, audit;

-- What they make from now on is readable by the portal.
alter default privileges for role tally grant usage on schemas to portal;
alter default privileges for role tally grant select on tables to portal;
alter default privileges for role audit grant usage on schemas to portal;
alter default privileges for role audit grant select on tables to portal;

-- What is there already, also from a time without roles, becomes theirs; whoever comes to own a schema must be allowed to make one meanwhile.
grant create on database :"DBNAME" to tally, audit;
create temporary table of_view on commit drop as
select oid as schema, nspname as name, case when nspname like 'tally%' then 'tally' else 'audit' end as owner
  from pg_namespace where nspname ~ '^(tally|trail)_v[0-9]+_g[0-9]+$';
select format('alter schema %I owner to %I', name, owner) from of_view \gexec
select format('alter table %I.%I owner to %I', name, relname, owner)
  from of_view join pg_class on relnamespace = schema where relkind = 'r' \gexec
select format('grant usage on schema %I to portal', name) from of_view \gexec
select format('grant select on all tables in schema %I to portal', name) from of_view \gexec
revoke create on database :"DBNAME" from tally, audit;

-- Who an opaque subject is, nobody but the portal reads. A schema named after its user comes first in that user's search path.
create schema if not exists portal authorization portal;
select 'alter table public.directory set schema portal' where to_regclass('public.directory') is not null
   and to_regclass('portal.directory') is null \gexec
select 'alter table portal.directory owner to portal' where to_regclass('portal.directory') is not null \gexec
commit;
