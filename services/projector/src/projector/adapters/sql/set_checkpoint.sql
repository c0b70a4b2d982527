UPDATE checkpoint SET position = %s WHERE projection = 'read_model';
