SELECT DISTINCT r.rolname
FROM pg_namespace AS n
CROSS JOIN LATERAL aclexplode(n.nspacl) AS granted
JOIN pg_roles AS r ON r.oid = granted.grantee
WHERE n.nspname = 'carnival' AND granted.privilege_type = 'USAGE' AND granted.grantee <> n.nspowner;
