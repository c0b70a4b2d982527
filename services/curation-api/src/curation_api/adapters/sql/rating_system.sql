SELECT system, settings, rescoring_id, position FROM rating_system
