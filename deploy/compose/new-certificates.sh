#!/bin/sh
# The certificates of encrypted.yaml: an authority of this installation's own, and what it signs for two years. Run it again
# to renew that; the authority stays. Only you may enter the folder; each container sees its own part.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p certificates
cd certificates
curve=ec_paramgen_curve:prime256v1
[ -s authority.crt ] || openssl req -x509 -newkey ec -pkeyopt $curve -nodes -days 3650 -subj /CN=turbo-carnival \
	-addext keyUsage=critical,keyCertSign,cRLSign -keyout authority.key -out authority.crt
for name in nats postgres services; do
	mkdir -p $name
	openssl req -newkey ec -pkeyopt $curve -nodes -subj /CN=$name -keyout $name/tls.key -out request
	printf '%s\n' "subjectAltName=DNS:$name" extendedKeyUsage=serverAuth,clientAuth basicConstraints=critical,CA:FALSE \
		subjectKeyIdentifier=hash authorityKeyIdentifier=keyid >extensions
	openssl x509 -req -in request -extfile extensions -days 730 -CA authority.crt -CAkey authority.key \
		-set_serial "0x$(openssl rand -hex 16)" -out $name/tls.crt
	cp authority.crt $name/ca.crt
	chmod 755 $name
	chmod 644 $name/*
	rm request extensions
done
