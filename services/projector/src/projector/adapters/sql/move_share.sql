UPDATE shares SET position = %s WHERE number = %s
