SELECT position FROM shares ORDER BY number
