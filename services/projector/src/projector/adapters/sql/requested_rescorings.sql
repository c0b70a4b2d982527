SELECT rescoring_id, system, settings, position FROM rescorings WHERE state = 'requested' ORDER BY position;
