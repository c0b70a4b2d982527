ANALYZE pipelines, steps, runs, run_steps, candidates, jobs, votes, commands, void_events, parked_events, rescorings;
