SELECT position FROM carnival.checkpoint WHERE projection = 'read_model';
