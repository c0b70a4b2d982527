#!/bin/sh
# Libraries, each known by its hash: those of the services in /opt/carnival, those that build our code in /opt/build.
set -eu
python -m venv /opt/build
pip=/opt/build/bin/pip
$pip install --require-hashes --requirement requirements-build.txt
python -m venv --without-pip /opt/carnival
$pip --python /opt/carnival/bin/python install --require-hashes --only-binary :all: --requirement requirements-image.txt
