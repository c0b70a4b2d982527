INSERT INTO checkpoint (projection, position, fold) VALUES ('read_model', 0, %s);
