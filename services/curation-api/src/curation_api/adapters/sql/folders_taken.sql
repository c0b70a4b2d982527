SELECT DISTINCT folder FROM runs WHERE folder = ANY(%(folders)s)
