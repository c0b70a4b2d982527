SELECT position FROM checkpoint WHERE projection = 'read_model'
