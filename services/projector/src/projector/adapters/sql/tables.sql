-- The checkpoint says where the rows stand; it is none of them.
SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'checkpoint' ORDER BY tablename
