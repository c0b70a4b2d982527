-- First statement of every writing transaction: it fences out a second projector, and makes a swap of schemas wait.
UPDATE checkpoint SET position = %s WHERE projection = 'read_model' AND position = %s AND fold = %s;
