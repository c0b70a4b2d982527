-- The roles of the read model, for psql as a superuser in the database of the read model:
--     psql --set ON_ERROR_STOP=1 --file deploy/postgres/roles.sql "$DATABASE_URL"
-- Passwords come from the environment: PROJECTOR_DB_PASSWORD, API_DB_PASSWORD, SELECTOR_DB_PASSWORD. Safe to run again;
-- then it changes the passwords. The projector owns what it makes and lets `carnival_reader` read it
-- (PROJECTOR_READ_ROLE=carnival_reader); the others are members of that role and may do nothing else.
\set ON_ERROR_STOP on
\getenv projector PROJECTOR_DB_PASSWORD
\getenv api API_DB_PASSWORD
\getenv selector SELECTOR_DB_PASSWORD

SELECT format('CREATE ROLE %I', role) || CASE role WHEN 'carnival_reader' THEN ' NOLOGIN' ELSE ' LOGIN' END
FROM unnest(ARRAY['carnival_reader', 'carnival_projector', 'carnival_api', 'carnival_selector']) AS role
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE carnival_projector PASSWORD :'projector';
ALTER ROLE carnival_api PASSWORD :'api';
ALTER ROLE carnival_selector PASSWORD :'selector';
ALTER ROLE carnival_api SET default_transaction_read_only = on;
ALTER ROLE carnival_selector SET default_transaction_read_only = on;
GRANT carnival_reader TO carnival_api, carnival_selector;

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO carnival_reader', current_database()) \gexec
SELECT format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO carnival_projector', current_database()) \gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
