DROP SCHEMA IF EXISTS carnival_previous CASCADE;
ALTER SCHEMA carnival RENAME TO carnival_previous;
ALTER SCHEMA carnival_next RENAME TO carnival;
