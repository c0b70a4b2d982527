-- Discarded, and no other run shows the same file: a forked run shares the files it has adopted.
SELECT c.place, c.sha256, c.width, c.height
FROM candidates c
WHERE c.candidate_id = ANY(%(candidate_ids)s) AND c.discarded
  AND NOT EXISTS (SELECT 1 FROM candidates other WHERE other.job_id = c.job_id AND NOT other.discarded)
