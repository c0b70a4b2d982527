#!/bin/sh
# Our code as one wheel, installed to /code/opt/carnival; and /data, which a volume takes its owner from.
set -eu
pip=/opt/build/bin/pip
$pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
$pip --python /opt/carnival/bin/python install --no-deps --root /code /wheels/*.whl
install --directory --owner=10001 --group=10001 /data
