"""`carnival up`: everything on one machine, in one data folder, kept running by one supervisor."""
