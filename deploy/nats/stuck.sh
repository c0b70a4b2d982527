#!/bin/sh
# Whether the server has to be started again: its disk was full, or failed, and has room again. Until then it takes no event any more.
# Started while there is no room it would be stuck at once, and could not keep what its consumers have done.
set -eu

ROOM_BYTES=8388608

printf 'GET /healthz HTTP/1.0\r\n\r\n' | nc 127.0.0.1 8222 | grep -q 'write error'
[ $(($(stat -f -c '%a * %S' /data))) -ge "$ROOM_BYTES" ]
